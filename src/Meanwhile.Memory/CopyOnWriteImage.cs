using System.Runtime.InteropServices;

namespace Meanwhile.Memory;

/// <summary>
/// Guest RAM as it is at one moment, while the guest goes on: a page is copied before it is written for the first time after that, and a
/// <see cref="PageReader"/> of the image takes that copy. Each page is read once; then the image does not have it any more.
/// </summary>
/// <remarks>
/// All under the lock of the RAM, but for <see cref="Awaits"/>, whose answer only ever changes from true to false, and <see cref="Copies"/>. Unsafe: copies are in
/// memory of the C library, as the collector would move all that of the heap while the guest waits. Each is a page of a block, has one owner (a page, or the
/// list of free ones), and is used under the lock only, under which the image's end frees the blocks and forgets the copies.
/// </remarks>
public sealed unsafe class CopyOnWriteImage : IDisposable
{
    private const int BlockPages = 256;

    private readonly Dictionary<long, nint> copies = [];
    private readonly Stack<nint> free = new();
    private readonly List<nint> blocks = [];
    private readonly PageBitmap zero; // Pages that are copied and were zero: they take no memory.
    private readonly GuestRam ram;
    private readonly ulong[] awaited; // A bit a page: neither read nor copied yet, so that RAM has what it held at the moment.
    private long copied;
    private volatile bool hasEnded;

    internal CopyOnWriteImage(GuestRam ram, long pages)
    {
        this.ram = ram;
        zero = new PageBitmap(pages);
        var all = new PageBitmap(pages);
        all.AddAll();
        awaited = all.Words.ToArray();
    }

    /// <summary>Pages that were copied for this image and were not read yet: host memory that it takes. Any thread.</summary>
    public long Copies => Volatile.Read(ref copied);

    /// <summary>The image ends: pages are written as always, and nothing of it can be read any more. No effect the second time.</summary>
    public void Dispose()
    {
        hasEnded = true;
        ram.EndCopyOnWrite(this);
    }

    /// <exception cref="ObjectDisposedException">RAM is not kept as it was any more.</exception>
    internal void ThrowIfEnded() => ObjectDisposedException.ThrowIf(hasEnded, this);

    /// <summary>RAM still has the page as it was, and who writes it copies it first.</summary>
    internal bool Awaits(long page) => (Volatile.Read(ref awaited[page >> 6]) >> (int)page & 1) != 0;

    /// <summary>The page is about to change.</summary>
    /// <param name="page">An awaited page.</param>
    /// <param name="content">What it holds; empty: it is zero.</param>
    internal void Keep(long page, ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
        {
            zero.Add(page);
        }
        else
        {
            nint copy = Allocate();
            content.CopyTo(Content(copy));
            copies.Add(page, copy);
            Volatile.Write(ref copied, copied + 1);
        }
        Forget(page);
    }

    /// <summary>Gives the copy of a page away, if there is one; nothing is put into <paramref name="into"/> when the page was zero.</summary>
    internal bool TryTake(long page, Span<byte> into, out bool isZero)
    {
        isZero = zero.Remove(page);
        if (isZero)
            return true;
        if (!copies.Remove(page, out nint copy))
            return false;
        Content(copy).CopyTo(into);
        free.Push(copy);
        Volatile.Write(ref copied, copied - 1);
        return true;
    }

    /// <summary>Gives all memory back. Nothing is kept any more.</summary>
    internal void End()
    {
        copies.Clear();
        zero.Clear();
        free.Clear();
        foreach (nint block in blocks)
            NativeMemory.Free((void*)block);
        blocks.Clear();
        Volatile.Write(ref copied, 0);
    }

    /// <summary>The page was read: from now on it is written as always.</summary>
    internal void Forget(long page) => Volatile.Write(ref awaited[page >> 6], awaited[page >> 6] & ~(1UL << (int)page));

    private static Span<byte> Content(nint copy) => new((void*)copy, GuestRam.PageSize);

    private nint Allocate()
    {
        if (free.TryPop(out nint copy))
            return copy;
        var block = (nint)NativeMemory.Alloc(BlockPages * GuestRam.PageSize);
        blocks.Add(block);
        for (int page = 1; page < BlockPages; page++)
            free.Push(block + (page * GuestRam.PageSize));
        return block;
    }
}
