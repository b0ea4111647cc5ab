namespace Meanwhile.Memory.Tests;

public class GuestRamStall_Tests
{
    [Fact]
    public void A_failing_write_stalls_loses_nothing_and_goes_on_when_resumed()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16);
        List<string> messages = [];
        machine.Ram.Stalled += messages.Add;
        machine.Store.WriteError = "No space left on device";
        for (int page = 0; page < 16; page++)
            Assert.True(machine.Tlb.TryWrite(page, 0, 10UL + (ulong)page));
        bool ready = false;
        machine.Ram.Request(20, () => ready = true);
        machine.Clock.RunAll();
        Assert.False(ready);
        Assert.Equal(["No space left on device"], messages);
        Assert.True(machine.Ram.IsStalled);

        machine.Ram.Resume();
        machine.Clock.RunAll();
        Assert.False(ready);
        Assert.Equal(2, messages.Count);

        machine.Store.WriteError = null;
        machine.Ram.Resume();
        machine.Clock.RunAll();
        Assert.True(ready);
        Assert.False(machine.Ram.IsStalled);
        for (int page = 0; page < 16; page++)
            Assert.Equal(10UL + (ulong)page, machine.Read(page));
    }

    [Fact]
    public void A_full_store_stalls_and_goes_on_when_pages_became_zero()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16, slots: 8);
        List<string> messages = [];
        machine.Ram.Stalled += messages.Add;
        int written = 0;
        while (machine.Tlb.TryWrite(written, 0, 50UL + (ulong)written) && written < 63)
        {
            written++;
            machine.Clock.RunAll();
        }
        Assert.Equal(16 + 8, written);
        Assert.Contains("8 pages", Assert.Single(messages));

        bool ready = false;
        machine.Ram.Request(written, () => ready = true);
        machine.Clock.RunAll();
        Assert.False(ready);
        int zeroed = -1;
        for (int page = 0; page < written && zeroed < 0; page++)
        {
            if (machine.Tlb.TryWrite(page, 0, 0))
                zeroed = page;
        }
        machine.Ram.Resume();
        machine.Clock.RunAll();
        Assert.True(ready);
        Assert.True(machine.Tlb.TryWrite(written, 0, 50UL + (ulong)written));
        for (int page = 0; page <= written; page++)
        {
            if (machine.Tlb.TryRead(page, 0, out ulong value))
                Assert.Equal(page == zeroed ? 0 : 50UL + (ulong)page, value);
        }
    }

    [Fact]
    public void Slots_that_hold_copies_of_resident_pages_are_used_before_the_store_counts_as_full()
    {
        using var machine = new SmallMachine(pages: 24, limit: 16, slots: 12);
        machine.Ram.Stalled += message => Assert.Fail(message);
        for (int round = 0; round < 4; round++)
        {
            for (int page = 0; page < 24; page++)
            {
                if (round > 0)
                    Assert.Equal((ulong)((round * 100) + page - 100), machine.Read(page));
                machine.Write(page, (ulong)((round * 100) + page));
            }
            for (int page = 0; page < 24; page++)
                Assert.Equal((ulong)((round * 100) + page), machine.Read(page));
        }
    }

    [Fact]
    public void A_failing_read_stalls_and_is_tried_again_when_resumed()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16);
        for (int page = 0; page < 64; page++)
            machine.Write(page, 70UL + (ulong)page);
        machine.Clock.RunAll();
        List<string> messages = [];
        machine.Ram.Stalled += messages.Add;
        machine.Store.ReadError = "Input/output error";
        int ready = 0;
        machine.Ram.Request(0, () => ready++);
        machine.Clock.RunAll();
        Assert.Equal((0, 1), (ready, messages.Count));
        machine.Store.ReadError = null;
        machine.Ram.Resume();
        machine.Clock.RunAll();
        Assert.Equal(1, ready);
        Assert.Equal(70UL, machine.Read(0));
    }
}
