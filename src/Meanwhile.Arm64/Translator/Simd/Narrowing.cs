using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>Operations that narrow without saturation: XTN, SHRN, RSHRN, ADDHN and its kin (DDI0487 C4.1.96). Q writes the upper half and keeps the lower.</summary>
internal static unsafe class Narrowing
{
    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Avx)
            return;
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.XTN, VectorOnly, &Narrow);
        lines.Add(SimdShiftImmediateEncodings.SHRN, VectorOnly, &ShiftRightNarrow);
        lines.Add(SimdShiftImmediateEncodings.RSHRN, VectorOnly, &ShiftRightNarrow);
        lines.Add(SimdThreeDifferentEncodings.ADDHN, VectorOnly, &AddHighHalf);
        lines.Add(SimdThreeDifferentEncodings.RADDHN, VectorOnly, &AddHighHalf);
        lines.Add(SimdThreeDifferentEncodings.SUBHN, VectorOnly, &SubtractHighHalf);
        lines.Add(SimdThreeDifferentEncodings.RSUBHN, VectorOnly, &SubtractHighHalf);
    }

    /// <summary>Writes the low halves of lanes of twice that size, or the high ones, to the half of D that Q chooses.</summary>
    public static void StoreNarrowed(UnitEmitter e, uint word, int size, VectorRegister x, bool high = false)
    {
        ulong order = size switch
        {
            0 => 0x0E0C_0A08_0604_0200,
            1 => 0x0D0C_0908_0504_0100,
            _ => 0x0B0A_0908_0302_0100,
        };
        if (high)
            order += Repeat(0, 1UL << size);
        e.WithConstant(Pshufb, x, x, order, 0x8080_8080_8080_8080);
        if (IsFull(word))
        {
            e.LoadVector(8, Xmm7, D(word));
            e.A.Vector(Punpcklqdq, x, Xmm7, x);
        }
        e.StoreVector(D(word), x);
    }

    private static void Narrow(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        StoreNarrowed(e, word, Size(word), Xmm0);
    }

    /// <summary>Rounding, bit 11, cannot carry out of the part that is kept and come back.</summary>
    private static void ShiftRightNarrow(UnitEmitter e, uint word)
    {
        int size = LaneShift.SizeOf(word), count = LaneShift.RightBy(word);
        e.LoadVector(Xmm0, N(word));
        if ((word >> 11 & 1) != 0)
            e.WithConstant(Add(size + 1), Xmm0, Xmm0, Repeat(size + 1, 1UL << (count - 1)));
        e.A.VectorShiftImmediate(ShiftRight(size + 1), Xmm0, Xmm0, count);
        StoreNarrowed(e, word, size, Xmm0);
    }

    private static void AddHighHalf(UnitEmitter e, uint word) => HighHalf(e, word, Add(Size(word) + 1));

    private static void SubtractHighHalf(UnitEmitter e, uint word) => HighHalf(e, word, Subtract(Size(word) + 1));

    /// <summary>U rounds.</summary>
    private static void HighHalf(UnitEmitter e, uint word, VectorOp op)
    {
        int size = Size(word);
        e.LoadVector(Xmm0, N(word));
        e.Vector(op, Xmm0, Xmm0, M(word));
        if (U(word))
            e.WithConstant(Add(size + 1), Xmm0, Xmm0, Repeat(size + 1, 1UL << ((8 << size) - 1)));
        StoreNarrowed(e, word, size, Xmm0, high: true);
    }
}
