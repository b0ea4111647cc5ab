using System.Runtime.InteropServices;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>
/// Decoded instructions by guest-physical address. Everything is allocated from one bounded arena that is only ever emptied as a whole,
/// between blocks: an invalidated chunk is unreachable at once but its memory stays valid, so handlers may invalidate the page they run in.
/// </summary>
/// <remarks>
/// Coherent as the architecture asks, no more: the guest makes new code visible with IC IVAU or IC IALLU (CTR_EL0.DIC = 0).
/// Unsafe code here writes only inside the arena: every allocation is checked against its end.
/// </remarks>
internal sealed unsafe class CodeCache : IDisposable
{
    /// <summary>Default size of the arena in bytes: 25,000 chunks, 6 MiB of guest code.</summary>
    public const int DefaultCapacity = 64 << 20;

    private const int RecentCount = 1024;

    private readonly Dictionary<ulong, nint> pages = [];
    private readonly ulong[] recentKeys = new ulong[RecentCount];
    private readonly nint[] recentPages = new nint[RecentCount];
    private readonly nuint capacity;
    private byte* arena;
    private nuint used;

    /// <summary>An empty cache.</summary>
    /// <param name="capacity">Size of its arena in bytes; the host commits it as it is used.</param>
    public CodeCache(int capacity = DefaultCapacity)
    {
        this.capacity = (nuint)capacity;
        // Freed by Dispose; the owner runs no instruction after that.
        arena = (byte*)NativeMemory.AlignedAlloc(this.capacity, 64);
        Array.Fill(recentKeys, ulong.MaxValue);
    }

    /// <summary>The whole arena.</summary>
    public HostRange HostRange => new((nint)arena, (long)capacity);

    /// <summary>The page of <paramref name="physicalPage"/> (bits 11..0 zero). Null when the arena is full: flush, and ask again.</summary>
    public CodePage* Page(ulong physicalPage, CodeMode mode)
    {
        ulong key = Key(physicalPage, mode);
        int recent = (int)((physicalPage >> 12) ^ (ulong)mode) & (RecentCount - 1);
        if (recentKeys[recent] == key)
            return (CodePage*)recentPages[recent];
        if (!pages.TryGetValue(key, out nint page))
        {
            page = (nint)Allocate((nuint)sizeof(CodePage));
            if (page == 0)
                return null;
            NativeMemory.Clear((void*)page, (nuint)sizeof(CodePage));
            pages.Add(key, page);
        }
        recentKeys[recent] = key;
        recentPages[recent] = page;
        return (CodePage*)page;
    }

    /// <summary>Makes a chunk of a page, with instructions that are decoded when they are first executed. Null when the arena is full.</summary>
    /// <param name="page">Where the chunk is entered.</param>
    /// <param name="host">The 4 KiB of the page's content.</param>
    /// <param name="index">The chunk's number in the page.</param>
    /// <param name="mode">The mode of <paramref name="page"/>.</param>
    public Insn* MakeChunk(CodePage* page, byte* host, int index, CodeMode mode)
    {
        var chunk = (Insn*)Allocate((nuint)((CodePage.ChunkLength + 1) * sizeof(Insn)));
        if (chunk is null)
            return null;
        int start = index * CodePage.ChunkLength;
        uint* words = (uint*)host + start;
        for (int n = 0; n < CodePage.ChunkLength; n++)
            LazyBinding.Prepare(chunk + n, words[n], (start + n) * sizeof(uint), mode);
        LazyBinding.PrepareEnd(chunk + CodePage.ChunkLength, (start + CodePage.ChunkLength) * sizeof(uint));
        CodePage.Chunks(page)[index] = chunk;
        return chunk;
    }

    /// <summary>Forgets the instructions of a guest-physical page. Their memory stays valid until <see cref="Flush"/>. False: there was no such page.</summary>
    public bool Invalidate(ulong physicalPage)
    {
        bool any = false;
        for (CodeMode mode = CodeMode.FpTrapped; mode <= CodeMode.FpEnabled; mode++)
        {
            if (pages.TryGetValue(Key(physicalPage, mode), out nint page))
            {
                NativeMemory.Clear((void*)page, (nuint)sizeof(CodePage));
                any = true;
            }
        }
        return any;
    }

    /// <summary>Forgets everything and takes the memory back. Only between blocks, and with no page or chunk of this cache kept.</summary>
    public void Flush()
    {
        pages.Clear();
        Array.Fill(recentKeys, ulong.MaxValue);
        used = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Flush();
        NativeMemory.AlignedFree(arena);
        arena = null;
    }

    private static ulong Key(ulong physicalPage, CodeMode mode) => physicalPage | (ulong)mode;

    private byte* Allocate(nuint size)
    {
        if (size > capacity - used)
            return null;
        byte* result = arena + used;
        used += size;
        return result;
    }
}
