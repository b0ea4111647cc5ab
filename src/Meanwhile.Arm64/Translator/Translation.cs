using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Translator.FloatingPoint;

namespace Meanwhile.Arm64.Translator;

/// <summary>How one encoding is translated.</summary>
/// <param name="emit">Emits an instruction; null for one that its interpreter handler executes.</param>
/// <param name="traits">What it does, whatever its operands.</param>
internal sealed unsafe class Translation(delegate*<UnitEmitter, uint, void> emit, Traits traits)
{
    /// <summary>An instruction that its interpreter handler executes.</summary>
    public static Translation ByHandler { get; } = new(null, Traits.Handler);

    /// <summary>A word that is no instruction.</summary>
    public static Translation Undefined { get; } = new(null, Traits.Handler | Traits.EndsPath);

    /// <summary>Emits the instruction; null for <see cref="ByHandler"/> and its like.</summary>
    public delegate*<UnitEmitter, uint, void> Emit { get; } = emit;

    /// <summary>What it does.</summary>
    public Traits Traits { get; } = traits;

    /// <summary>The words that keep the host's flags where others of the encoding do not; null: there are none.</summary>
    public delegate*<uint, bool> KeepsHostFlagsWhen { get; init; }

    /// <summary>The same for those words.</summary>
    public Translation? Keeping { get; init; }
}

/// <summary>The translation of each encoding of the decoder's table; those without a line are executed by their handlers.</summary>
internal sealed unsafe class TranslationTable
{
    private static readonly Lazy<TranslationTable> OfHost = new(() => new(HostFeatures.Host));

    private readonly Dictionary<Encoding, Translation> lines;

    private TranslationTable(HostFeatures features) => lines = MakeLines(features);

    /// <summary>The table for a host.</summary>
    public static TranslationTable For(HostFeatures features) => features == HostFeatures.Host ? OfHost.Value : new(features);

    /// <summary>The translation of an instruction word, where FP instructions execute.</summary>
    public Translation Find(uint word)
    {
        Encoding? encoding = Decoder.Instance.Decode(word);
        if (encoding is null)
            return Translation.Undefined;
        if (!lines.TryGetValue(encoding, out Translation? line))
            return Translation.ByHandler;
        return line.Keeping is { } keeping && line.KeepsHostFlagsWhen(word) ? keeping : line;
    }

    /// <summary>True when <paramref name="encoding"/> is translated, not executed by its handler.</summary>
    public bool Has(Encoding encoding) => lines.TryGetValue(encoding, out Translation? line) && line.Emit != null;

    private static Dictionary<Encoding, Translation> MakeLines(HostFeatures features)
    {
        var lines = new TranslationLines(features);
        AddSubtract.AddTo(lines);
        Logical.AddTo(lines);
        MoveWideAndAddress.AddTo(lines);
        BitfieldAndExtract.AddTo(lines);
        ShiftsAndBits.AddTo(lines);
        MultiplyDivide.AddTo(lines);
        Conditional.AddTo(lines);
        Branches.AddTo(lines);
        LoadStore.AddTo(lines);
        FloatingPointTranslations.AddTo(lines);
        SystemMoves.AddTo(lines);
        Simd.Bitwise.AddTo(lines);
        Simd.ModifiedImmediate.AddTo(lines);
        Simd.LaneArithmetic.AddTo(lines);
        Simd.LaneCompare.AddTo(lines);
        Simd.LaneShift.AddTo(lines);
        Simd.Copy.AddTo(lines);
        Simd.Permute.AddTo(lines);
        Simd.Widening.AddTo(lines);
        Simd.Narrowing.AddTo(lines);
        Simd.Reductions.AddTo(lines);
        Simd.Multiplication.AddTo(lines);
        Simd.BitCounting.AddTo(lines);
        Simd.VariableShift.AddTo(lines);
        Simd.Structures.AddTo(lines);
        Simd.SingleStructures.AddTo(lines);
        Simd.DoublingMultiplication.AddTo(lines);
        Simd.Saturating.AddTo(lines);
        Simd.SaturatingNarrowing.AddTo(lines);
        PstateMoves.AddTo(lines);
        CacheMaintenance.AddTo(lines);
        Atomics.AddTo(lines);
        Exclusives.AddTo(lines);
        BitReversal.AddTo(lines);
        Checksums.AddTo(lines);
        AesRounds.AddTo(lines);
        SecureHash.AddTo(lines);
        return lines.All;
    }
}

/// <summary>Where the groups of instructions register their lines.</summary>
internal sealed unsafe class TranslationLines(HostFeatures features)
{
    /// <summary>The host's optional instructions: where one is missing, an encoding can be left to its handler.</summary>
    public HostFeatures Features => features;

    /// <summary>All lines.</summary>
    public Dictionary<Encoding, Translation> All { get; } = [];

    /// <summary>Adds a line.</summary>
    /// <exception cref="ArgumentException">The encoding has one already.</exception>
    public void Add(Encoding encoding, Traits traits, delegate*<UnitEmitter, uint, void> emit) =>
        All.Add(encoding, new Translation(emit, traits));

    /// <summary>Adds a line of which some words keep the host's flags (<see cref="Traits.KeepsHostFlags"/>): it depends on their operands.</summary>
    /// <exception cref="ArgumentException">The encoding has one already.</exception>
    public void Add(Encoding encoding, Traits traits, delegate*<UnitEmitter, uint, void> emit, delegate*<uint, bool> keepsHostFlagsWhen) =>
        All.Add(encoding, new Translation(emit, traits) { KeepsHostFlagsWhen = keepsHostFlagsWhen, Keeping = new Translation(emit, traits | Traits.KeepsHostFlags) });
}
