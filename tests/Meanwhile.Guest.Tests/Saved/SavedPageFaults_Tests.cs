using System.Buffers.Binary;
using Meanwhile.Guest.Tests.Machines;
using Meanwhile.Guest.Tests.Programs;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Guest.Tests.Saved;

/// <summary>
/// A guest that is told of its absent pages is saved with something outstanding. It cannot go on to the instruction: its pages are there on the other
/// side, and wake-all is an interrupt more. What it waits for must be answered, and what it reads must be right.
/// </summary>
public sealed class SavedPageFaults_Tests(GuestProgramCompiler compiler) : IClassFixture<GuestProgramCompiler>
{
    private const string Program = "apf/5_every_waiter_is_woken_by_its_page_or_by_wake_all";
    private const long Latency = 1_000_000;

    /// <summary>The program, and its absent pages; what fills the rest of RAM is of no more use.</summary>
    private static readonly (long, long)[] s_needed = [(0, 1 << 20), (16 << 20, 17 << 20)];

    [Theory]
    [InlineData(GuestEngines.Interpreter, GuestEngines.Translator)]
    [InlineData(GuestEngines.Translator, GuestEngines.Interpreter)]
    public void Page_not_present_that_was_not_delivered_is_taken_on_the_other_side(string first, string second)
    {
        for (int fault = 1; fault <= 6; fault++)
        {
            using GuestMachine source = Start(first);
            var faults = new StopAfter(source.Board.Hypervisor, fault);
            Assert.Equal(RunOutcomeKind.Stopped, source.Board.Hypervisor.Run().Kind);
            Assert.Equal(fault, faults.Notified);
            Assert.True(Outstanding(source).IsUndelivered);
            GoOn(source, second);
        }
    }

    [Theory]
    [InlineData(GuestEngines.Interpreter, GuestEngines.Translator)]
    [InlineData(GuestEngines.Translator, GuestEngines.Interpreter)]
    public void What_is_outstanding_at_any_instruction_is_answered_on_the_other_side(string first, string second)
    {
        long faulted = FirstFault();
        bool inHandler = false;
        bool unacknowledged = false;
        bool between = false;
        foreach (long begin in (long[])[faulted, faulted + Latency])
        {
            for (long time = begin; time < begin + 1_600; time += 64)
            {
                using GuestMachine source = Start(first);
                source.Board.Hypervisor.Clock.ScheduleAt(time, source.Board.Hypervisor.Stop);
                Assert.Equal(RunOutcomeKind.Stopped, source.Board.Hypervisor.Run().Kind);
                (_, bool handles, bool isReady) = Outstanding(source);
                inHandler |= handles;
                unacknowledged |= isReady;
                between |= !handles && !isReady && source.AsyncPageFaults.Outstanding != 0;
                GoOn(source, second);
            }
        }

        Assert.True(inHandler, "no handler was interrupted");
        Assert.True(unacknowledged, "no page-ready was unacknowledged");
        Assert.True(between, "no page was on its way");
    }

    private GuestSettings Settings(string engine) => new GuestProgram(Program).Settings(compiler.Binary(Program)) with { Engine = engine };

    private GuestMachine Start(string engine)
    {
        var machine = new GuestMachine(Settings(engine));
        machine.Board.Boot();
        return machine;
    }

    private long FirstFault()
    {
        using GuestMachine machine = Start(GuestEngines.Translator);
        _ = new StopAfter(machine.Board.Hypervisor, 1);
        machine.Board.Hypervisor.Run();
        return machine.Time;
    }

    /// <summary>Takes the guest to a machine where everything is resident, and runs it to its end; the source then goes on too.</summary>
    private void GoOn(GuestMachine source, string engine)
    {
        source.Board.Quiesce();
        var saved = new SavedGuest(source, s_needed);
        using var destination = new GuestMachine(Settings(engine) with { Limit = null });
        saved.RestoreInto(destination);
        destination.Board.Continue();
        RunOutcome outcome = destination.Board.Hypervisor.Run();
        Assert.True(destination.Console.Text.Contains("GUEST PASS", StringComparison.Ordinal), $"{outcome}: \"{destination.Console.Text}\"");
        Assert.Equal(1, destination.AsyncPageFaults.WakeAlls);
        source.Board.Continue();
        outcome = source.Board.Hypervisor.Run();
        Assert.True(source.Console.Text.Contains("GUEST PASS", StringComparison.Ordinal), $"{outcome}: \"{source.Console.Text}\"");
    }

    private static (bool IsUndelivered, bool HandlerRuns, bool IsReadyUnacknowledged) Outstanding(GuestMachine machine)
    {
        // Sequence, event, PPI, control word; the undelivered token; page-ready is unacknowledged.
        ReadOnlySpan<byte> pageFaults = Save(machine, "async-pf");
        // The mask, the number of events; of each: number, registered, enabled, running.
        ReadOnlySpan<byte> sdei = Save(machine, "sdei");
        const int EventSize = 4 + 5 + 16;
        return (BinaryPrimitives.ReadUInt32LittleEndian(pageFaults[20..]) != 0, sdei[5 + EventSize + 6] != 0, pageFaults[24] != 0);
    }

    private static byte[] Save(GuestMachine machine, string name)
    {
        var writer = new StateWriter();
        machine.Board.Hypervisor.StateSections.Single(section => section.SectionName == name).Save(writer);
        return writer.Written.ToArray();
    }

    /// <summary>Stops the machine when the guest is to be told of so many faults, before it is.</summary>
    private sealed class StopAfter : IMemoryFaultHandler
    {
        private readonly VirtualMachine machine;
        private readonly IMemoryFaultHandler handler;
        private readonly int count;

        public StopAfter(VirtualMachine machine, int count)
        {
            this.machine = machine;
            this.count = count;
            handler = machine.FaultHandler!;
            machine.FaultHandler = this;
        }

        public int Notified { get; private set; }

        public bool TryRehearse(Vcpu vcpu) => handler.TryRehearse(vcpu);

        public bool TryHandleAsynchronously(Vcpu vcpu, in VcpuExit exit, long pageIndex)
        {
            bool handled = handler.TryHandleAsynchronously(vcpu, exit, pageIndex);
            if (handled && ++Notified == count)
                machine.Stop();
            return handled;
        }
    }
}
