using Meanwhile.Hypervisor.Arm64.AsyncPageFaults;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Memory;

namespace Meanwhile.Hypervisor.Tests.Arm64.AsyncPageFaults;

/// <summary>The life of the shared block's pin while its page is far away and the guest changes its mind.</summary>
public sealed class SharedBlock_Tests : IDisposable
{
    private const long First = 16 * GuestRam.PageSize;
    private const long Second = (17 * GuestRam.PageSize) + 64;

    private readonly VirtualClock clock = new();
    private readonly GuestRam ram;
    private readonly SharedBlock block;
    private int pinned;

    public SharedBlock_Tests()
    {
        ram = new GuestRam(new GuestRamOptions { Size = 1 << 20, Origin = new MemoryPageStore(clock, 256, 1000), Clock = clock });
        ram.MarkAbsent(16, 2);
        block = new SharedBlock(ram, () => pinned++);
    }

    public void Dispose() => ram.Dispose();

    [Fact]
    public void It_is_free_once_its_page_is_pinned_and_unpinned_when_closed()
    {
        block.Open(First);
        Assert.False(block.IsFree);
        Settle();
        Assert.True(block.IsFree);
        Assert.Equal(1, pinned);
        block.Close();
        Assert.False(block.IsFree);
        Assert.Equal(0, ram.Statistics().Pinned);
    }

    [Fact]
    public void Pins_do_not_pile_up_while_a_page_is_on_its_way()
    {
        for (int time = 0; time < 1000; time++)
        {
            block.Open(time % 2 == 0 ? First : Second);
            block.Close();
        }

        Assert.InRange(ram.Statistics().Pinned, 0, 1);
        Settle();
        Assert.Equal(0, ram.Statistics().Pinned);
        Assert.Equal(0, pinned);
    }

    [Fact]
    public unsafe void Opened_anew_while_the_first_page_is_on_its_way_it_is_the_second_block()
    {
        block.Open(First);
        block.Close();
        block.Open(Second);
        Settle();
        Assert.True(block.IsFree);
        Assert.Equal(1, ram.Statistics().Pinned);
        block.Write(SharedBlock.Reason.PageReady, 7);
        Assert.Equal(7u, ((uint*)ram.HostAddress(Second))[1]);
        Assert.Equal(0u, ((uint*)ram.HostAddress(First))[1]);
        block.Close();
        Assert.Equal(0, ram.Statistics().Pinned);
    }

    [Fact]
    public void Opened_again_at_the_same_address_it_keeps_the_pin_that_is_under_way()
    {
        block.Open(First);
        block.Close();
        block.Open(First);
        Settle();
        Assert.True(block.IsFree);
        Assert.Equal(1, ram.Statistics().Pinned);
        Assert.Equal(1, pinned);
    }

    private void Settle()
    {
        while (clock.RunNextEvent())
        {
        }
    }
}
