namespace Meanwhile.Memory.Tests;

public class GuestRamCopyOnWrite_Tests
{
    private const int Pages = 64;

    [Fact]
    public void What_is_written_zeroed_and_touched_later_is_not_in_the_image()
    {
        using var machine = new SmallMachine(Pages, Pages);
        machine.Write(1, 11);
        machine.Write(2, 22);
        machine.Write(3, 33);
        using CopyOnWriteImage image = Begin(machine);
        machine.Write(1, 12);
        machine.Write(1, 13);
        machine.Write(2, 0);
        machine.Write(40, 44);
        Assert.Equal(2, image.Copies);
        Assert.Equal((11UL, 22UL, 33UL, 0UL), (Read(machine, image, 1), Read(machine, image, 2), Read(machine, image, 3), Read(machine, image, 40)));
        Assert.Equal(0, image.Copies);
        Assert.Equal((13UL, 0UL, 33UL, 44UL), (machine.Read(1), machine.Read(2), machine.Read(3), machine.Read(40)));
        machine.Write(3, 34);
        Assert.Equal(0, image.Copies);
    }

    [Fact]
    public void A_page_that_is_pinned_for_writing_is_kept_as_it_was()
    {
        using var machine = new SmallMachine(Pages, Pages);
        machine.Write(5, 1);
        machine.Write(6, 2);
        machine.Ram.Pin(5 * GuestRam.PageSize, GuestRam.PageSize, write: true, () => { });
        using CopyOnWriteImage image = Begin(machine);
        machine.Ram.Pin(6 * GuestRam.PageSize, GuestRam.PageSize, write: true, () => { });
        DeviceWrites(machine, 5, 3);
        DeviceWrites(machine, 6, 4);
        Assert.Equal((1UL, 2UL), (Read(machine, image, 5), Read(machine, image, 6)));
        Assert.Equal((3UL, 4UL), (machine.Read(5), machine.Read(6)));
    }

    [Fact]
    public void A_page_in_swap_is_zeroed_only_after_it_was_brought()
    {
        using var machine = new SmallMachine(Pages, limit: 16);
        for (int page = 0; page < Pages; page++)
            machine.Write(page, 1);
        machine.Clock.RunAll();
        Assert.True(machine.Ram.TryZeroBlock(1 * GuestRam.PageSize));
        using CopyOnWriteImage image = Begin(machine);
        Assert.False(machine.Ram.TryZeroBlock(0));
        Assert.False(machine.Ram.TryZeroBlock(1 * GuestRam.PageSize));
        Assert.Equal((1UL, 0UL), (Read(machine, image, 0), Read(machine, image, 1)));
        Assert.True(machine.Ram.TryZeroBlock(0));
        Assert.Equal(0UL, machine.Read(0));
    }

    [Fact]
    public void A_page_that_is_written_while_it_is_read_for_the_image_is_as_it_was()
    {
        using var machine = new SmallMachine(Pages, limit: 16);
        for (int page = 0; page < Pages; page++)
            machine.Write(page, (ulong)page + 1);
        machine.Clock.RunAll();
        using CopyOnWriteImage image = Begin(machine);
        var reader = new PageReader(machine.Ram, image);
        bool done = false;
        reader.Read([0, 1], error => done = error is null);
        Assert.False(done);
        machine.Write(0, 99);
        machine.Write(1, 99);
        machine.Clock.RunAll();
        Assert.True(done);
        Assert.Equal((1UL, 2UL), (BitConverter.ToUInt64(reader.Content(0)), BitConverter.ToUInt64(reader.Content(1))));
        Assert.Equal((99UL, 0L), (machine.Read(0), image.Copies));
    }

    [Fact]
    public void A_page_is_read_only_until_it_was_copied_or_read_and_none_is_when_the_image_ends()
    {
        using var machine = new SmallMachine(Pages, Pages);
        for (int page = 0; page < 4; page++)
            machine.Write(page, 1);
        CopyOnWriteImage image = Begin(machine);
        Assert.False(IsWritableAfterRead(machine, 0));
        machine.Write(0, 2);
        Assert.True(IsWritableAfterRead(machine, 0));
        _ = Read(machine, image, 1);
        Assert.True(IsWritableAfterRead(machine, 1));
        Assert.False(IsWritableAfterRead(machine, 2));
        image.Dispose();
        Assert.True(IsWritableAfterRead(machine, 2));
        var reader = new PageReader(machine.Ram, image);
        Assert.Throws<ObjectDisposedException>(() => reader.Read([2], _ => { }));
    }

    [Fact]
    public void There_is_one_image_at_a_time_and_no_page_is_given_up_meanwhile()
    {
        using var machine = new SmallMachine(Pages, Pages);
        using (Begin(machine))
        {
            Assert.Throws<InvalidOperationException>(() => machine.Ram.BeginCopyOnWrite(() => { }));
            Assert.Throws<InvalidOperationException>(() => machine.Ram.Discard(3));
        }
        using CopyOnWriteImage next = Begin(machine);
        machine.Write(3, 1);
        Assert.Equal(0UL, Read(machine, next, 3));
    }

    [Fact]
    public void A_read_that_failed_is_told_and_the_page_is_still_kept_as_it_was()
    {
        using var machine = new SmallMachine(Pages, limit: 16);
        for (int page = 0; page < Pages; page++)
            machine.Write(page, (ulong)page + 1);
        machine.Clock.RunAll();
        using CopyOnWriteImage image = Begin(machine);
        machine.Store.ReadError = "broken";
        var reader = new PageReader(machine.Ram, image);
        string? failure = null;
        reader.Read([1], error => failure = error);
        machine.Clock.RunAll();
        Assert.Equal("broken", failure);
        machine.Store.ReadError = null;
        machine.Write(1, 99);
        Assert.Equal(2UL, Read(machine, image, 1));
    }

    private static CopyOnWriteImage Begin(SmallMachine machine)
    {
        bool done = false;
        CopyOnWriteImage image = machine.Ram.BeginCopyOnWrite(() => done = true);
        Assert.True(done);
        return image;
    }

    private static ulong Read(SmallMachine machine, CopyOnWriteImage image, long page)
    {
        var reader = new PageReader(machine.Ram, image);
        bool done = false;
        reader.Read([page], error => done = error is null);
        machine.Clock.RunAll();
        Assert.True(done);
        return reader.IsZero(0) ? 0 : BitConverter.ToUInt64(reader.Content(0));
    }

    private static unsafe void DeviceWrites(SmallMachine machine, long page, ulong value) =>
        *(ulong*)machine.Ram.HostAddress(page * GuestRam.PageSize) = value;

    private static unsafe bool IsWritableAfterRead(SmallMachine machine, long page)
    {
        machine.Ram.Resolve(page * GuestRam.PageSize, write: false, out _, out bool writable);
        return writable;
    }
}
