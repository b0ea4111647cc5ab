using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Machine.Board;
using Meanwhile.Memory.Sources;
using Meanwhile.Migration.Destination;
using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Source;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Migration.Machines;

/// <summary>
/// A guest that goes from machine to machine within this process, on virtual clocks over modelled links: one thread, and exact. Each machine has a
/// <see cref="VirtualClock"/> of its own; their RAM, swap and arriving pages have <see cref="Clock"/>, which goes with the guest.
/// </summary>
/// <param name="first">The clock of the first machine.</param>
/// <param name="bytesPerSecond">Of each link, in each direction.</param>
/// <param name="roundTrip">Of each link, in nanoseconds.</param>
public sealed class ModelledJourney(VirtualClock first, long bytesPerSecond, long roundTrip)
{
    private Leg? leg;
    private VirtMachine? machine;
    private int seed;

    /// <summary>The clock of the journey.</summary>
    public HandoverClock Clock { get; } = new(first);

    /// <summary>The machine that has the guest.</summary>
    public VirtMachine Machine => machine ?? throw new InvalidOperationException("The journey has not begun.");

    /// <summary>The guest is in this machine.</summary>
    public void BeginAt(VirtMachine at) => machine = at;

    /// <summary>
    /// Begins a migration of the guest, in an event of the clock or while nothing runs. The machine that it leaves must be kept until the migration is
    /// over: its memory is still read.
    /// </summary>
    /// <param name="to">The machine it goes to.</param>
    /// <param name="arriving">The origin of that machine's RAM.</param>
    /// <param name="options">Capabilities and parameters.</param>
    /// <param name="change">Listens to the sessions before they begin.</param>
    public Leg Migrate(VirtMachine to, ArrivingPages arriving, MigrationOptions options, Action<Leg>? change = null)
    {
        if (leg is { IsUnderWay: true })
            throw new InvalidOperationException("A migration is under way.");
        leg = new Leg(this, Machine, to, arriving, options, new Random(seed++));
        change?.Invoke(leg);
        leg.Connect(leg.Source.Start());
        return leg;
    }

    /// <summary>Runs the guest, wherever it is, until it ends or a machine is stopped.</summary>
    public RunOutcome Run()
    {
        while (true)
        {
            RunOutcome outcome = Machine.Hypervisor.Run();
            if (outcome.Kind != RunOutcomeKind.Stopped || leg is not { GuestStandsStill: true })
                return outcome;
            // The guest is on its way: only the link's clock goes on.
            if (!((VirtualClock)Machine.Hypervisor.Clock).RunUntil(() => !leg.GuestStandsStill))
                throw new InvalidOperationException("The migration waits for something that is not coming.");
        }
    }

    /// <summary>One migration.</summary>
    public sealed class Leg
    {
        private readonly ModelledJourney journey;

        internal Leg(ModelledJourney journey, VirtMachine from, VirtMachine to, ArrivingPages arriving, MigrationOptions options, Random random)
        {
            this.journey = journey;
            From = from;
            To = to;
            Link = new ModelledLink(journey.Clock, journey.BytesPerSecond, journey.RoundTrip);
            var outgoing = new OutgoingGuest(from);
            var incoming = new IncomingGuest(to, arriving, () =>
            {
                journey.Clock.MoveTo(to.Hypervisor.Clock);
                journey.machine = to;
                GuestStandsStill = false;
            });
            outgoing.Quiesced += () =>
            {
                GuestStandsStill = true;
                from.Hypervisor.Stop();
            };
            outgoing.Continued += () => GuestStandsStill = false;
            byte[] Bytes(int count)
            {
                var bytes = new byte[count];
                random.NextBytes(bytes);
                return bytes;
            }
            Source = new SourceSession(outgoing, outgoing, journey.Clock, options) { RandomBytes = Bytes };
            Destination = new DestinationSession(incoming, incoming, journey.Clock) { RandomBytes = Bytes };
            Source.UrgentWanted += () => journey.Clock.Schedule(journey.RoundTrip, () => Connect(Source.OpenUrgent()));
        }

        /// <summary>The machine that the guest leaves.</summary>
        public VirtMachine From { get; }

        /// <summary>The machine that it goes to.</summary>
        public VirtMachine To { get; }

        /// <summary>What is between them.</summary>
        public ModelledLink Link { get; }

        /// <summary>The sending side.</summary>
        public SourceSession Source { get; }

        /// <summary>The receiving side.</summary>
        public DestinationSession Destination { get; }

        /// <summary>The guest was stopped and does not run on either side yet.</summary>
        public bool GuestStandsStill { get; private set; }

        /// <summary>The migration has neither completed nor failed.</summary>
        public bool IsUnderWay => !Source.Status().Phase.IsFinal();

        /// <summary>Takes a migration up again whose link was cut.</summary>
        /// <returns>Null, or why not.</returns>
        public string? Recover()
        {
            string? refusal = Source.TryRecover(out Connection? connection);
            if (refusal is null)
                Connect(connection!);
            return refusal;
        }

        internal void Connect(Connection connection) => Link.Connect(connection, Destination.Accept());
    }

    private long BytesPerSecond => bytesPerSecond;

    private long RoundTrip => roundTrip;
}
