using System.Runtime.InteropServices;
using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator;

/// <summary>
/// Translated units by guest-physical address and <see cref="UnitMode"/>, in memory that is bounded and only ever emptied as a whole.
/// </summary>
/// <remarks>
/// Coherent as the architecture asks, no more: the guest makes new code visible with IC IVAU or IC IALLU (CTR_EL0.DIC = 0). All units of a
/// page are forgotten together, so that links, which stay within a page, never lead from a living unit to a forgotten one; the memory of
/// a forgotten unit stays valid until <see cref="Flush"/>, so it may be running.
/// Unsafe: code is written inside the executable memory only, instructions inside their arena: both are checked against their ends.
/// </remarks>
internal sealed unsafe class TranslationCache : IDisposable
{
    /// <summary>Default size of the code in bytes.</summary>
    public const int DefaultCodeSize = 96 << 20;

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

    /// <summary>An empty cache.</summary>
    /// <param name="codeSize">Bytes of code; the host commits them as they are used.</param>
    /// <param name="features">What of the host's optional instructions may be emitted; this host's unless given.</param>
    public TranslationCache(int codeSize = DefaultCodeSize, HostFeatures? features = null)
    {
        features ??= HostFeatures.Host;
        unit = new Unit(TranslationTable.For(features));
        memory = new ExecutableMemory(codeSize);
        arenaSize = (nuint)codeSize / (nuint)sizeof(Insn);
        // Freed by Dispose; the owner runs no instruction after that.
        arena = (Insn*)NativeMemory.AlignedAlloc(arenaSize * (nuint)sizeof(Insn), 64);
        assembler.Begin(memory.Writable, memory.Size, memory.Offset);
        Thunks = new Thunks(assembler);
        codeStart = codeUsed = (assembler.Length + 63) & ~63;
        emitter = new UnitEmitter(assembler, Thunks, features);
    }

    /// <summary>The code that all units share.</summary>
    public Thunks Thunks { get; }

    /// <summary>Units translated since the cache was made.</summary>
    public long UnitsTranslated { get; private set; }

    /// <summary>Guest instructions translated since the cache was made.</summary>
    public long InstructionsTranslated { get; private set; }

    /// <summary>Bytes of code of the unit that was translated last.</summary>
    public int LastUnitBytes { get; private set; }

    /// <summary>Bytes of code in use.</summary>
    public long CodeBytes => codeUsed;

    /// <summary>How often everything was thrown away because the memory was full, or because the guest asked for it.</summary>
    public long Flushes { get; private set; }

    /// <summary>The entry of the unit at a guest-physical address; 0 when there is none.</summary>
    public nint Find(ulong physicalAddress, UnitMode mode) =>
        units.TryGetValue(physicalAddress | (ulong)mode << ModeShift, out nint entry) ? entry : 0;

    /// <summary>Translates the unit at a guest-physical address. 0 when the memory is full: flush, and ask again.</summary>
    /// <param name="physicalAddress">Address of the first instruction.</param>
    /// <param name="page">The 4 KiB around it.</param>
    /// <param name="mode">What it is specialised for.</param>
    public nint Translate(ulong physicalAddress, byte* page, UnitMode mode)
    {
        assembler.Begin(memory.Writable + codeUsed, memory.Size - codeUsed, memory.Offset);
        if (memory.Size - codeUsed < MaxUnitBytes || arenaSize - arenaUsed < Unit.MaxLength)
            return 0;
        unit.Scan(page, (int)(physicalAddress & 0xFFF), mode);
        nint entry = emitter.Emit(unit, mode, arena + arenaUsed);
        LastUnitBytes = assembler.Length;
        codeUsed += (assembler.Length + 15) & ~15;
        arenaUsed += (nuint)unit.Length;
        UnitsTranslated++;
        InstructionsTranslated += unit.Length;
        ulong key = physicalAddress | (ulong)mode << ModeShift;
        units.Add(key, entry);
        ulong pageKey = physicalAddress >> 12;
        if (!pages.TryGetValue(pageKey, out List<ulong>? keys))
            pages.Add(pageKey, keys = []);
        keys.Add(key);
        return entry;
    }

    /// <summary>Makes the jump whose displacement is executed at <paramref name="site"/> lead to <paramref name="entry"/>.</summary>
    public void Link(nint site, nint entry) => assembler.Patch(site, entry);

    /// <summary>Forgets the units of a guest-physical page. False when there were none.</summary>
    public bool Invalidate(ulong physicalPage)
    {
        if (!pages.Remove(physicalPage >> 12, out List<ulong>? keys))
            return false;
        foreach (ulong key in keys)
            units.Remove(key);
        return true;
    }

    /// <summary>Forgets everything and takes the memory back; only while no unit is running.</summary>
    public void Flush()
    {
        units.Clear();
        pages.Clear();
        codeUsed = codeStart;
        arenaUsed = 0;
        Flushes++;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        memory.Dispose();
        NativeMemory.AlignedFree(arena);
        arena = null;
    }

    /// <summary>Physical addresses have at most 48 bits.</summary>
    private const int ModeShift = 56;

    /// <summary>More than any unit needs.</summary>
    private const int MaxUnitBytes = Unit.MaxLength * 512;
}
