using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Meanwhile.Guest.Tests.Linux;
using Meanwhile.Guest.Tests.Machines;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.AsyncPageFaults;
using Meanwhile.Machine.Board;
using Meanwhile.Memory;
using Meanwhile.Migration.Machines;
using Meanwhile.Migration.Status;

namespace Meanwhile.Guest.Tests.Migration;

/// <summary>
/// Debian's kernel with a program that writes memory and checks it while another thread calculates, from machine to machine. The program finds
/// out itself whether a page is wrong.
/// </summary>
public sealed class Migration_Tests
{
    private const string Started = "init: running testsuite";
    private const long Millisecond = TravellingGuest.Millisecond;

    public static TheoryData<bool, bool, string> Kinds()
    {
        var data = new TheoryData<bool, bool, string>();
        foreach (string engine in GuestEngines.Names)
        {
            foreach (bool postCopy in (bool[])[false, true])
            {
                foreach (bool feature in (bool[])[false, true])
                    data.Add(postCopy, feature, engine);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_guest_moves_while_it_works_and_finds_its_memory_as_it_was(bool postCopy, bool feature, string engine)
    {
        using TravellingGuest guest = Travel(postCopy, feature, engine);
        MigrationStatus source = guest.Legs[0].Source.Status();
        MigrationStatus destination = guest.Legs[0].Destination.Status();
        long sent = source.Normal + source.Duplicate;
        if (postCopy)
        {
            // A page that was sent before the switch and written until it is sent again.
            Assert.InRange(sent, source.Total / source.PageSize, (source.Total + source.PreCopyBytes) / source.PageSize);
            Assert.InRange(source.Downtime!.Value, 1, 30 * Millisecond);
            Assert.True(source.PostCopyRequests > 0);
            Assert.True(source.PostCopyBytes > source.PreCopyBytes);
            Assert.Equal(guest.Last.Vcpu.Statistics.FaultNanoseconds, destination.VcpuBlockTime![0]);
            Assert.Equal(feature, guest.Last.Vcpu.Statistics.AsynchronousFaults > 0);
            return;
        }
        Assert.True(sent > source.Total / source.PageSize && source.DirtySyncCount > 1, $"{source}");
        Assert.Equal((0, 0, 0), (source.PostCopyRequests, source.PostCopyBytes, guest.Last.Vcpu.Statistics.FaultNanoseconds));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_migrations_are_the_same_on_both_engines(bool postCopy)
    {
        using TravellingGuest first = Travel(postCopy, feature: true, GuestEngines.Translator);
        using TravellingGuest again = Travel(postCopy, feature: true, GuestEngines.Translator);
        using TravellingGuest interpreted = Travel(postCopy, feature: true, GuestEngines.Interpreter);
        Assert.Equal(first.Record(), again.Record());
        Assert.Equal(first.Record(), interpreted.Record());
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_destination_with_a_resident_limit_takes_a_guest_that_is_larger(bool postCopy, bool feature)
    {
        using var guest = new TravellingGuest(Settings(feature, passes: 60) with { Engine = GuestEngines.Translator });
        guest.MoveAfter(Started, 10 * Millisecond, postCopy ? TravellingGuest.PostCopy : TravellingGuest.PreCopy, there => there with { Limit = 24 << 20 });
        Finish(guest);
        Assert.InRange(guest.Last.Board.Ram.Statistics().PeakResident, 1, (24 << 20) / 4096);
        Assert.True(guest.Last.Board.Ram.Statistics().Writes > 0);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_guest_that_has_come_goes_on_and_back_under_load(bool postCopy, bool feature)
    {
        using var guest = new TravellingGuest(Settings(feature, passes: 160) with { Engine = GuestEngines.Translator });
        guest.MoveAfter(Started, 10 * Millisecond, postCopy ? TravellingGuest.PostCopy : TravellingGuest.PreCopy, begun: MoveOn);
        Finish(guest);
        Assert.Equal(3, guest.Legs.Count);

        void MoveOn(ModelledJourney.Leg leg) => leg.Source.PhaseChanged += phase =>
        {
            // With nothing between: the next machine is sent what has only just come.
            if (phase == MigrationPhase.Completed && guest.Legs.Count < 3)
                guest.Journey.Clock.Schedule(0, () => guest.Move(TravellingGuest.PostCopy, begun: MoveOn));
        };
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_link_that_breaks_in_post_copy_is_recovered(bool feature)
    {
        using var guest = new TravellingGuest(Settings(feature) with { Engine = GuestEngines.Translator });
        guest.MoveAfter(Started, 10 * Millisecond, TravellingGuest.PostCopy, begun: leg => leg.Destination.PhaseChanged += phase =>
        {
            if (phase != MigrationPhase.PostCopyActive || leg.Source.Status().Recoveries == 3)
                return;
            guest.Journey.Clock.Schedule(40 * Millisecond, () =>
            {
                leg.Link.Cut();
                Assert.Equal(MigrationPhase.PostCopyPaused, leg.Source.Status().Phase);
                guest.Journey.Clock.Schedule(100 * Millisecond, () => Assert.Null(leg.Recover()));
            });
        });
        Finish(guest);
        Assert.Equal(3, guest.Legs[0].Source.Status().Recoveries);
        Assert.True(guest.Legs[0].Destination.Status().VcpuBlockTime![0] > (feature ? 0 : 200 * Millisecond));
    }

    /// <summary>The thread that writes memory needs a page that nobody has any more; told so, the kernel lets the one that calculates go on.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_the_source_has_died_the_task_that_has_its_pages_calculates_on_when_the_other_sleeps(bool feature)
    {
        using var guest = new TravellingGuest(Settings(feature, arguments: " --progress") with { Engine = GuestEngines.Translator });
        var counts = new List<ulong>();
        AsyncPageFaultStatistics? soon = null;
        guest.MoveAfter("testsuite: progress at 0x", 100 * Millisecond, TravellingGuest.PostCopy, begun: leg => leg.Destination.PhaseChanged += phase =>
        {
            // When what the kernel needs again and again is there, half a millisecond each.
            if (phase == MigrationPhase.PostCopyActive)
                guest.Journey.Clock.Schedule(220 * Millisecond, Die);

            void Die()
            {
                leg.Link.Cut("The peer is gone.");
                guest.Journey.Clock.Schedule(40 * Millisecond, () => soon = Look());
                guest.Journey.Clock.Schedule(60 * Millisecond, () => Look());
                guest.Journey.Clock.Schedule(80 * Millisecond, () =>
                {
                    Look();
                    guest.Last.Board.Hypervisor.Stop();
                });
            }
        });
        Assert.Equal(RunOutcomeKind.Stopped, guest.Run().Kind);

        MigrationStatus status = guest.Legs[0].Destination.Status();
        Assert.Equal(MigrationPhase.PostCopyPaused, status.Phase);
        Assert.True(status.Remaining > 0);
        Assert.DoesNotContain("wrong=", guest.Console, StringComparison.Ordinal);
        Assert.Equal(3, counts.Count);
        if (!feature)
        {
            Assert.True(counts[0] == counts[2], $"{counts[2] - counts[0]} more, of a vCPU that stands still");
            return;
        }
        Assert.True(counts[0] < counts[1] && counts[1] < counts[2], string.Join(' ', counts));
        AsyncPageFaultStatistics late = guest.Last.AsyncPageFaults;
        Assert.True(late.Outstanding > 0);
        Assert.Equal((soon!.Outstanding, soon.Ready), (late.Outstanding, late.Ready));
        Assert.Equal(late.Notified, late.Ready + late.Outstanding);

        AsyncPageFaultStatistics? Look()
        {
            counts.Add(Progress(guest));
            return feature ? guest.Last.AsyncPageFaults : null;
        }
    }

    // What the calculating thread itself has counted to: testsuite says where it does (guest/testsuite/progress.c).
    private static ulong Progress(TravellingGuest guest)
    {
        long address = long.Parse(Regex.Match(guest.Console, "progress at 0x([0-9a-f]+)").Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var reader = new PageReader(guest.Last.Board.Ram);
        ulong? count = null;
        reader.Read([(address - (long)MemoryMap.Ram) / GuestRam.PageSize], failure =>
        {
            Assert.Null(failure);
            Assert.StartsWith("MeanwhileCounts", Encoding.ASCII.GetString(reader.Content(0)[..16]), StringComparison.Ordinal);
            count = BitConverter.ToUInt64(reader.Content(0)[16..]);
        });
        return count ?? throw new InvalidOperationException("The page where it counts is not there.");
    }

    private static TravellingGuest Travel(bool postCopy, bool feature, string engine)
    {
        var guest = new TravellingGuest(Settings(feature) with { Engine = engine });
        guest.MoveAfter(Started, 60 * Millisecond, postCopy ? TravellingGuest.PostCopy : TravellingGuest.PreCopy);
        Finish(guest);
        return guest;
    }

    private static GuestSettings Settings(bool feature, int passes = 40, string arguments = "") =>
        LinuxGuest.Settings(LinuxGuest.Bookworm, $"-- testsuite mem --percent 40 --passes {passes} --calculate{arguments}") with { Memory = 96 << 20, AsyncPageFaults = feature };

    private static void Finish(TravellingGuest guest)
    {
        RunOutcome outcome = guest.Run();
        string legs = string.Join('\n', guest.Legs.Select(leg => $"{leg.Source.Status()}\n{leg.Destination.Status()}"));
        Assert.True(outcome.Kind == RunOutcomeKind.PowerOff, $"{outcome}\n{legs}\n{guest.Console}");
        Assert.True(guest.Legs.TrueForAll(leg => leg.Source.Status().Phase == MigrationPhase.Completed && leg.Destination.Status().Phase == MigrationPhase.Completed), legs);
        Assert.Matches(new Regex(@"^testsuite: bytes=\d+ passes=\d+ time_ns=\d+ calculation=\d+ verified=\d+ wrong=0\r?$", RegexOptions.Multiline), guest.Console);
        foreach (string complaint in (string[])["BUG:", "WARNING:", "Call trace", "Oops", "rcu: INFO", "Unable to handle"])
            Assert.DoesNotContain(complaint, guest.Console, StringComparison.Ordinal);
    }
}
