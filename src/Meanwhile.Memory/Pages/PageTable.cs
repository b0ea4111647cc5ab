using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Meanwhile.Memory.Pages;

/// <summary>Where one page of RAM is in its life.</summary>
internal enum PageState : byte
{
    /// <summary>All zero; never held anything, or was found zero and dropped. No host memory.</summary>
    Untouched,

    /// <summary>Has host memory and may be used.</summary>
    Resident,

    /// <summary>Content is in the page store (it has a slot) or in the origin.</summary>
    Absent,

    /// <summary>Has host memory that a read is filling.</summary>
    Reading,

    /// <summary>Chosen for eviction; listeners may still use it. Can be rescued.</summary>
    Evicting,

    /// <summary>Nobody uses it; it is being written to its slot. Can be rescued.</summary>
    Writing,

    /// <summary>Its host memory is being given back. Too late to rescue.</summary>
    Dropping,
}

/// <summary>What else is known of a page.</summary>
[Flags]
internal enum PageFlags : byte
{
    None = 0,

    /// <summary>Resolved since reclaim last looked.</summary>
    Accessed = 1,

    /// <summary>Its content is nowhere but in host memory.</summary>
    Dirty = 2,

    /// <summary>Has pins: never chosen.</summary>
    Pinned = 4,

    /// <summary>Waits for a free frame.</summary>
    Queued = 8,

    /// <summary>The origin has its content.</summary>
    InOrigin = 16,

    /// <summary>Has had a pin for writing since it last had no pins.</summary>
    WritePinned = 32,

    /// <summary>Its content was declared stale while a read was bringing it: it is given up when that ends.</summary>
    Stale = 64,
}

/// <summary>
/// State, flags, pins and slot of every page, in native memory: 10 bytes a page. Written under the lock of <see cref="GuestRam"/>;
/// <see cref="Word"/> may be read without it.
/// </summary>
internal sealed unsafe class PageTable : IDisposable
{
    public const int NoSlot = -1;

    // Three arrays of Count elements each, valid until Dispose; callers pass indices that GuestRam has checked against Count.
    private ushort* words;
    private int* pins;
    private int* slots;

    public PageTable(long count)
    {
        Count = count;
        words = (ushort*)NativeMemory.AllocZeroed((nuint)count, sizeof(ushort));
        pins = (int*)NativeMemory.AllocZeroed((nuint)count, sizeof(int));
        slots = (int*)NativeMemory.Alloc((nuint)count, sizeof(int));
        NativeMemory.Fill(slots, (nuint)count * sizeof(int), 0xFF);
    }

    public long Count { get; }

    /// <summary>State and flags in one: see <see cref="WordOf"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ushort Word(long page) => Volatile.Read(ref words[page]);

    public static ushort WordOf(PageState state, PageFlags flags) => (ushort)((int)state | ((int)flags << 8));

    /// <summary>Changes a run of pages whose state and flags are exactly <paramref name="from"/>.</summary>
    /// <returns>The first that is not, or <paramref name="end"/>.</returns>
    public long ReplaceRun(long first, long end, ushort from, ushort to)
    {
        var old = new Vector<ushort>(from);
        var made = new Vector<ushort>(to);
        long page = first;
        // Who reads a word meanwhile sees the old or the new one: words are aligned, and no store is made of less than a word.
        for (; page <= end - Vector<ushort>.Count && Vector.EqualsAll(Unsafe.ReadUnaligned<Vector<ushort>>(words + page), old); page += Vector<ushort>.Count)
            Unsafe.WriteUnaligned(words + page, made);
        while (page < end && words[page] == from)
            Volatile.Write(ref words[page++], to);
        return page;
    }

    /// <summary>Makes the host give memory for the words, which are zero at first and without any.</summary>
    public void Prepare()
    {
        for (long page = 0; page < Count; page += 4096 / sizeof(ushort))
            Volatile.Write(ref words[page], words[page]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PageState State(long page) => (PageState)(byte)words[page];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(long page, PageFlags flag) => (words[page] & ((int)flag << 8)) != 0;

    public void SetState(long page, PageState state) => Volatile.Write(ref words[page], (ushort)((words[page] & 0xFF00) | (byte)state));

    public void Set(long page, PageFlags flags) => Volatile.Write(ref words[page], (ushort)(words[page] | ((int)flags << 8)));

    public void Clear(long page, PageFlags flags) => Volatile.Write(ref words[page], (ushort)(words[page] & ~((int)flags << 8)));

    /// <summary>The first page at or after <paramref name="from"/> with a flag, or <see cref="Count"/>.</summary>
    public long NextWith(PageFlags flag, long from)
    {
        if (from >= Count)
            return Count;
        ushort mask = WordOf(0, flag);
        var masks = new Vector<ushort>(mask);
        long page = from;
        for (; page <= Count - Vector<ushort>.Count; page += Vector<ushort>.Count)
        {
            if (!Vector.EqualsAll(Unsafe.ReadUnaligned<Vector<ushort>>(words + page) & masks, Vector<ushort>.Zero))
                break;
        }
        for (; page < Count; page++)
        {
            if ((words[page] & mask) != 0)
                return page;
        }
        return Count;
    }

    /// <summary>Where the page's content is in the store, or <see cref="NoSlot"/>.</summary>
    public ref int Slot(long page) => ref slots[page];

    /// <summary>How many pins the page has.</summary>
    public ref int Pins(long page) => ref pins[page];

    public void Dispose()
    {
        NativeMemory.Free(words);
        NativeMemory.Free(pins);
        NativeMemory.Free(slots);
        words = null;
        pins = null;
        slots = null;
    }
}
