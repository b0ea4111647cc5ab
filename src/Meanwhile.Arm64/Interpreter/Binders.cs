using Meanwhile.Arm64.Decoding;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>
/// Which binder prepares which encoding. A binder runs once, at decode time: it unpacks the operands of <see cref="Insn.Word"/> into the
/// instruction and chooses its handler.
/// </summary>
public sealed unsafe class Binders
{
    private readonly Dictionary<Encoding, nint> binders = [];

    private Binders()
    {
        // One call per group file in this folder, each registering its encodings: DataProcessingImmediate.Register(this); and so on.
        LoadStoreRegister.Register(this);
        LoadStorePair.Register(this);
        LoadStoreExclusive.Register(this);
        CompareAndSwap.Register(this);
        AtomicMemory.Register(this);
        SimdStructures.Register(this);
        ExceptionGeneration.Register(this);
        HintsAndBarriers.Register(this);
        PstateFields.Register(this);
        SystemInstructions.Register(this);
        SystemRegisterMoves.Register(this);
        AddSubtract.Register(this);
        Logical.Register(this);
        MoveWideAndAddress.Register(this);
        BitfieldAndExtract.Register(this);
        Branches.Register(this);
        Shifts.Register(this);
        MultiplyDivide.Register(this);
        BitCounting.Register(this);
        Crc32.Register(this);
        Conditional.Register(this);
        Simd.ThreeSame.Register(this);
        Simd.ThreeDifferent.Register(this);
        Simd.TwoRegisterMiscellaneous.Register(this);
        Simd.AcrossLanes.Register(this);
        Simd.Copy.Register(this);
        Simd.Permute.Register(this);
        Simd.ModifiedImmediate.Register(this);
        Simd.ShiftImmediate.Register(this);
        Simd.IndexedElement.Register(this);
        Crypto.CryptographicAes.Register(this);
        Crypto.CryptographicSha1.Register(this);
        Crypto.CryptographicSha256.Register(this);
        FloatingPoint.FloatingPointDataProcessing.Register(this);
        FloatingPoint.FloatingPointCompare.Register(this);
        FloatingPoint.FloatingPointConversion.Register(this);
        FloatingPoint.VectorFpThreeSame.Register(this);
        FloatingPoint.VectorFpTwoRegister.Register(this);
        FloatingPoint.VectorFpPairwise.Register(this);
        FloatingPoint.VectorFpByElement.Register(this);
    }

    /// <summary>All binders of this interpreter.</summary>
    public static Binders Instance { get; } = new();

    /// <summary>Registers <paramref name="binder"/> for <paramref name="encoding"/>.</summary>
    /// <exception cref="ArgumentException">The encoding has a binder already.</exception>
    internal void Add(Encoding encoding, delegate*<Insn*, void> binder) => binders.Add(encoding, (nint)binder);

    /// <summary>True when the interpreter executes <paramref name="encoding"/>.</summary>
    public bool Has(Encoding encoding) => binders.ContainsKey(encoding);

    /// <summary>Binds <paramref name="i"/>, whose Word and PageOffset are set, as <paramref name="encoding"/>.</summary>
    internal void Bind(Encoding encoding, Insn* i) => ((delegate*<Insn*, void>)binders[encoding])(i);
}
