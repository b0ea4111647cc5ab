using Meanwhile.Arm64;
using Meanwhile.Arm64.Mmu;
using Meanwhile.Arm64.SystemRegisters;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Memory;
using Meanwhile.Memory.Sources;
using Meanwhile.Migration.Machines;
using Meanwhile.Migration.Tests.State;

namespace Meanwhile.Migration.Tests.Machines;

/// <summary>A machine that takes a guest: code that is translated before the guest runs is always that of the guest's memory.</summary>
public sealed class IncomingGuest_Tests : IDisposable
{
    // At EL1, with FP, in the lower address range.
    private const ulong Name = SmallMachine.Code | (3ul << 56);

    private readonly SmallMachine machine;
    private readonly IncomingGuest guest;

    public IncomingGuest_Tests()
    {
        Assert.SkipUnless(Core.DefaultEngine == ExecutionEngine.Translator, "only a translator translates");
        ArrivingPages? arriving = null;
        machine = new SmallMachine(options =>
        {
            arriving = IncomingGuest.MakePages(options.Clock);
            return options with { EngineFactory = Translating, Memory = options.Memory with { Origin = arriving } };
        });
        guest = new IncomingGuest(machine.Board, arriving!, () => { });
    }

    public void Dispose() => machine.Dispose();

    [Fact]
    public void Code_of_a_page_that_is_here_is_translated_once()
    {
        guest.Write(0, Page(1));
        Assert.Equal(1, Translated());
        Assert.Equal(1, Translated());
    }

    [Fact]
    public void Code_of_a_page_that_is_not_here_waits_for_its_guest()
    {
        Assert.Equal(0, Translated());
        guest.Write(0, Page(1));
        guest.MarkAbsent(0, 2);
        Assert.Equal(0, Translated());
    }

    [Fact]
    public void Names_outside_of_RAM_are_left_alone()
    {
        guest.Write(0, Page(1));
        guest.TranslateAhead([3ul << 56, (SmallMachine.Code + (16 << 20)) | (3ul << 56), 0x00FF_FFFF_FFFF_F000, ulong.MaxValue]);
        Assert.Equal(1, Translated());
    }

    /// <summary>Each way in which a page becomes another before the guest runs.</summary>
    [Theory]
    [InlineData("written")]
    [InlineData("discarded")]
    [InlineData("absent")]
    public void Code_of_a_page_that_changes_is_forgotten(string how)
    {
        guest.Write(0, Page(1));
        Assert.Equal(1, Translated());
        switch (how)
        {
            case "written":
                guest.Write(0, Page(2));
                break;
            case "discarded":
                guest.Discard(0, 1);
                guest.Write(0, Page(2));
                break;
            default:
                guest.MarkAbsent(0, 1);
                Assert.NotNull(guest.Restore([])); // No state; but what has been marked is.
                // What is left is the engine's: it must not know the code any more.
                machine.Board.Hypervisor.Vcpus[0].Engine.TranslateAhead(SmallMachine.Code, Page(2), [Name]);
                Assert.Equal(2, Count());
                return;
        }
        Assert.Equal(2, Translated());
    }

    private static SoftwareEngine Translating(IPhysicalMemory memory, ISystemRegisterBus registers, ulong mpidr) =>
        new(memory, registers, mpidr, ExecutionEngine.Translator);

    private static byte[] Page(byte immediate)
    {
        byte[] page = new byte[GuestRam.PageSize];
        BitConverter.TryWriteBytes(page, 0x91000000u | (uint)immediate << 10); // add x0, x0, #immediate
        BitConverter.TryWriteBytes(page.AsSpan(4), 0x14000000u);               // b .
        return page;
    }

    private long Translated()
    {
        guest.TranslateAhead([Name]);
        return Count();
    }

    private long Count() => machine.Board.Hypervisor.Vcpus[0].Engine.Counters.Single(counter => counter.Name == "unitsTranslated").Value;
}
