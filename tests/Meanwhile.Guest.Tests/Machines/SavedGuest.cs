using System.Runtime.InteropServices;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Memory;
using Meanwhile.Migration.State;

namespace Meanwhile.Guest.Tests.Machines;

/// <summary>A quiesced machine's state and RAM, taken byte by byte, and put into another. The host must not swap meanwhile.</summary>
internal sealed unsafe partial class SavedGuest
{
    private readonly byte[] state;
    private readonly Dictionary<long, byte[]> pages = [];

    /// <summary>
    /// Takes them. A machine of which pages are absent must be on the virtual clock, and say which of them its guest still needs.
    /// </summary>
    public SavedGuest(GuestMachine machine, params (long Begin, long End)[] needed)
    {
        GuestRam ram = machine.Board.Ram;
        state = MachineState.Save(machine.Board);
        if (ram.Statistics().Absent != 0)
        {
            foreach ((long begin, long end) in needed)
                Read(machine, begin, end);
            return;
        }

        bool[] present = Present(ram);
        for (long offset = 0; offset < ram.Size; offset += GuestRam.PageSize)
        {
            if (!present[offset / GuestRam.PageSize])
                continue;
            // Anonymous memory of RAM, mapped as long as the machine lives.
            var page = new ReadOnlySpan<byte>(ram.HostAddress(offset), GuestRam.PageSize);
            if (page.ContainsAnyExcept((byte)0))
                pages.Add(offset, page.ToArray());
        }
    }

    public ReadOnlySpan<byte> State => state;

    private void Read(GuestMachine machine, long begin, long end)
    {
        GuestRam ram = machine.Board.Ram;
        for (long offset = begin; offset < end; offset += GuestRam.PageSize)
        {
            bool pinned = false;
            ram.Pin(offset, GuestRam.PageSize, write: false, () => pinned = true);
            while (!pinned)
                Assert.True(((VirtualClock)machine.Board.Hypervisor.Clock).RunNextEvent());
            pages.Add(offset, new ReadOnlySpan<byte>(ram.HostAddress(offset), GuestRam.PageSize).ToArray());
            ram.Unpin(offset, GuestRam.PageSize);
        }
    }

    // mincore(2): reading pages that nobody touched takes longer than all the rest.
    private static bool[] Present(GuestRam ram)
    {
        var resident = new byte[ram.Size / GuestRam.PageSize];
        fixed (byte* vector = resident)
            Assert.Equal(0, InCore(ram.HostAddress(0), (nuint)ram.Size, vector));
        return [.. resident.Select(page => (page & 1) != 0)];
    }

    [LibraryImport("libc", EntryPoint = "mincore")]
    private static partial int InCore(void* address, nuint length, byte* vector);

    /// <summary>Puts them into a machine that was made from the same settings and never ran.</summary>
    public void RestoreInto(GuestMachine machine)
    {
        GuestRam ram = machine.Board.Ram;
        foreach ((long offset, byte[] page) in pages)
        {
            bool pinned = false;
            ram.Pin(offset, GuestRam.PageSize, write: true, () => pinned = true);
            Assert.True(pinned);
            page.CopyTo(new Span<byte>(ram.HostAddress(offset), GuestRam.PageSize));
            ram.Unpin(offset, GuestRam.PageSize);
        }

        MachineState.Restore(machine.Board, state);
    }
}
