using System.Runtime.InteropServices;
using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator;

/// <summary>
/// Translated units by guest-physical address and <see cref="UnitMode"/>, for all PEs of a machine, in memory that is bounded and only ever
/// emptied as a whole.
/// </summary>
/// <remarks>
/// <para>Coherent as the architecture asks, no more: the guest makes new code visible with IC IVAU or IC IALLU (CTR_EL0.DIC = 0). All units of a
/// page are forgotten together, so that links, which stay within a page, never lead from a living unit to a forgotten one; the memory of
/// a forgotten unit stays valid until <see cref="Empty"/>, so it may be running.</para>
/// <para>Any PE's thread may call anything. A PE that runs translated code says so (<see cref="TryEnter"/>), and memory is taken back only when none
/// does. A PE notices by <see cref="Generation"/> that its jump cache may hold what is forgotten.</para>
/// Unsafe: code is written inside the executable memory only, instructions inside their arena: both are checked against their ends.
/// </remarks>
internal sealed unsafe partial class TranslationCache
{
    /// <summary>Default size of the code in bytes; with what handlers need, 125 MiB.</summary>
    public const int DefaultCodeSize = 80 << 20;

    /// <summary>Physical addresses have at most 48 bits.</summary>
    public const int ModeShift = 56;

    /// <summary>More than all but strange units need: those are made shorter where it does not suffice.</summary>
    private const int UnitBytes = Unit.MaxLength * 256;

    /// <summary>Handlers' instructions take less than half of what code does.</summary>
    private const int CodeBytesPerHandlerInsn = 72;

    /// <summary>Code of a kernel and a few programs.</summary>
    private const int PreparedBytes = 8 << 20;

    private readonly Lock gate = new();
    private readonly ExecutableMemory memory;
    private readonly Assembler assembler = new();
    private readonly UnitEmitter emitter;
    private readonly Unit unit;
    private readonly Dictionary<ulong, nint> units = [];
    private readonly Dictionary<ulong, List<ulong>> pages = [];
    private readonly nint codeStart;
    private readonly nuint arenaSize;
    private Insn* arena;
    private nuint arenaUsed;
    private nint codeUsed;
    private int generation;
    private int flushes;

    /// <summary>An empty cache.</summary>
    /// <param name="codeSize">Bytes of code; the host commits them as they are used.</param>
    /// <param name="features">What of the host's optional instructions may be emitted; this host's unless given.</param>
    /// <param name="counting">The code counts what it does; see <see cref="IsCounting"/>.</param>
    public TranslationCache(int codeSize = DefaultCodeSize, HostFeatures? features = null, bool counting = false)
    {
        IsCounting = counting;
        features ??= HostFeatures.Host;
        unit = new Unit(TranslationTable.For(features));
        memory = new ExecutableMemory(codeSize);
        arenaSize = (nuint)(codeSize / CodeBytesPerHandlerInsn);
        // Freed when the last PE has left.
        arena = (Insn*)NativeMemory.AlignedAlloc(arenaSize * (nuint)sizeof(Insn), 64);
        assembler.Begin(memory.Writable, memory.Size, memory.Offset);
        Thunks = new Thunks(assembler, arena, counting);
        codeStart = codeUsed = (assembler.Length + 63) & ~63;
        emitter = new UnitEmitter(assembler, Thunks, features, counting);
    }

    /// <summary>The code counts in <see cref="CpuState.DataTlbHits"/>, <see cref="CpuState.BlocksExecuted"/> and <see cref="CpuState.HandlerCalls"/>.</summary>
    public bool IsCounting { get; }

    /// <summary>The code that all units share.</summary>
    public Thunks Thunks { get; }

    /// <summary>Units translated since the cache was made.</summary>
    public long UnitsTranslated { get; private set; }

    /// <summary>Guest instructions translated since the cache was made.</summary>
    public long InstructionsTranslated { get; private set; }

    /// <summary>Units translated that have a loop with a register mapping of its own.</summary>
    public long UnitsWithMappedLoops { get; private set; }

    /// <summary>Bytes of code of the unit that was translated last.</summary>
    public int LastUnitBytes { get; private set; }

    /// <summary>Bytes of code in use.</summary>
    public long CodeBytes => codeUsed;

    /// <summary>How often the memory was full and taken back.</summary>
    public int Flushes => Volatile.Read(ref flushes);

    /// <summary>The code's memory, by both of its mappings, and the handlers' instructions.</summary>
    public IReadOnlyList<HostRange> HostRanges =>
    [
        new((nint)memory.Writable, memory.Size),
        new((nint)memory.Executable, memory.Size, IsAlias: true),
        new((nint)arena, (long)arenaSize * sizeof(Insn)),
    ];

    /// <summary>Changes whenever units are forgotten.</summary>
    public int Generation => Volatile.Read(ref generation);

    /// <summary>The entry of the unit at a guest-physical address, translated when there is none. 0 when the memory is full: empty it, and ask again.</summary>
    /// <param name="physicalAddress">Address of the first instruction.</param>
    /// <param name="page">The 4 KiB around it.</param>
    /// <param name="mode">What it is specialised for.</param>
    /// <param name="map">Where to name it when it is translated, or null.</param>
    /// <param name="virtualAddress">For its name.</param>
    public nint FindOrTranslate(ulong physicalAddress, byte* page, UnitMode mode, PerfMap? map, ulong virtualAddress)
    {
        ulong key = physicalAddress | (ulong)mode << ModeShift;
        lock (gate)
        {
            if (units.TryGetValue(key, out nint entry))
                return entry;
            if (!HasRoom)
                return 0;
            entry = Translate(physicalAddress, page, mode);
            if (entry == 0)
                return 0;
            units.Add(key, entry);
            ulong pageKey = physicalAddress >> 12;
            if (!pages.TryGetValue(pageKey, out List<ulong>? keys))
                pages.Add(pageKey, keys = []);
            keys.Add(key);
            map?.Add(entry, LastUnitBytes, $"el{(int)(mode & UnitMode.El1)}:{virtualAddress:x}");
            return entry;
        }
    }

    /// <summary>
    /// Makes the jump whose displacement is executed at <paramref name="site"/> lead to <paramref name="entry"/>, unless memory was taken back since
    /// <see cref="Flushes"/> was <paramref name="flushesThen"/>. The displacement is aligned, so other PEs see the old or the new one.
    /// </summary>
    public void Link(nint site, nint entry, int flushesThen)
    {
        lock (gate)
        {
            if (flushes != flushesThen)
                return;
            nint before = assembler.TargetOf(site);
            if (before == entry)
                return;
            links.Add((site, before));
            assembler.Patch(site, entry);
        }
    }

    /// <summary>Forgets the units of a guest-physical page. False: there were none.</summary>
    public bool Invalidate(ulong physicalPage)
    {
        lock (gate)
        {
            if (!pages.Remove(physicalPage >> 12, out List<ulong>? keys))
                return false;
            foreach (ulong key in keys)
                units.Remove(key);
            generation++;
            return true;
        }
    }

    /// <summary>Forgets all units; their memory stays as it is.</summary>
    public void ForgetAll()
    {
        lock (gate)
        {
            units.Clear();
            pages.Clear();
            generation++;
        }
    }

    /// <summary>Makes the host give memory for as much code as a guest needs at first, through both mappings, before it is used.</summary>
    public void Prepare()
    {
        lock (gate)
        {
            nint end = Math.Min(memory.Size, PreparedBytes);
            for (nint at = (codeUsed + 4095) & ~4095; at < end; at += 4096)
            {
                // Nothing is here yet.
                Volatile.Write(ref memory.Writable[at], 0);
                _ = Volatile.Read(ref memory.Executable[at]);
            }
            byte* insns = (byte*)(arena + arenaUsed);
            for (nint at = 0; at < Math.Min((nint)((arenaSize - arenaUsed) * (nuint)sizeof(Insn)), PreparedBytes / 2); at += 4096)
                Volatile.Write(ref insns[at], 0);
        }
    }

    private nint Translate(ulong physicalAddress, byte* page, UnitMode mode)
    {
        nint entry = Emit(physicalAddress, page, mode);
        if (entry == 0)
            return 0;
        LastUnitBytes = assembler.Length;
        codeUsed += (assembler.Length + 15) & ~15;
        arenaUsed += (nuint)emitter.HandlersUsed;
        UnitsTranslated++;
        UnitsWithMappedLoops += unit.Loops.AreMapped ? 1 : 0;
        InstructionsTranslated += unit.Length;
        return entry;
    }

    /// <summary>Emits the unit at an address, or as much of it as there is room for; 0: not even its first instruction.</summary>
    private nint Emit(ulong physicalAddress, byte* page, UnitMode mode)
    {
        nint entry = 0;
        for (int longest = Unit.MaxLength; entry == 0 && longest > 0; longest /= 2)
        {
            assembler.Begin(memory.Writable + codeUsed, memory.Size - codeUsed, memory.Offset);
            emitter.Listing?.Clear();
            unit.Scan(page, (int)(physicalAddress & 0xFFF), mode, longest);
            entry = emitter.Emit(unit, mode, arena, (int)arenaUsed);
        }
        return entry;
    }

    /// <summary>
    /// What the unit at a guest-physical address is, or would be, translated to; null when the memory is full. For listings: the code is valid
    /// until the next translation, and is not to be executed.
    /// </summary>
    /// <param name="physicalAddress">Address of the first instruction.</param>
    /// <param name="page">The 4 KiB around it.</param>
    /// <param name="mode">What it is specialised for.</param>
    public UnitListing? Describe(ulong physicalAddress, byte* page, UnitMode mode)
    {
        lock (gate)
        {
            if (!HasRoom)
                return null;
            var listing = new UnitListing();
            emitter.Listing = listing;
            listing.Entry = Emit(physicalAddress, page, mode);
            emitter.Listing = null;
            if (listing.Entry == 0)
                return null;
            listing.Handlers = (nint)(arena + arenaUsed);
            listing.HandlerCount = emitter.HandlersUsed;
            return listing;
        }
    }

    private bool HasRoom => memory.Size - codeUsed >= UnitBytes && arenaSize - arenaUsed >= Unit.MaxLength;

    private void TakeBack()
    {
        lock (gate)
        {
            ForgetAll();
            links.Clear();
            codeUsed = codeStart;
            arenaUsed = 0;
            flushes++;
        }
    }

    private void Free()
    {
        memory.Dispose();
        NativeMemory.AlignedFree(arena);
        arena = null;
    }
}
