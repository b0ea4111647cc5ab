using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>Operations that widen their sources: three different, SHLL and its kin, pairwise additions (DDI0487 C4.1.96).</summary>
internal static unsafe class Widening
{
    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Avx)
            return;
        lines.Add(SimdThreeDifferentEncodings.SADDL, VectorOnly, &AddLong);
        lines.Add(SimdThreeDifferentEncodings.UADDL, VectorOnly, &AddLong);
        lines.Add(SimdThreeDifferentEncodings.SSUBL, VectorOnly, &SubtractLong);
        lines.Add(SimdThreeDifferentEncodings.USUBL, VectorOnly, &SubtractLong);
        lines.Add(SimdThreeDifferentEncodings.SADDW, VectorOnly, &AddWide);
        lines.Add(SimdThreeDifferentEncodings.UADDW, VectorOnly, &AddWide);
        lines.Add(SimdThreeDifferentEncodings.SSUBW, VectorOnly, &SubtractWide);
        lines.Add(SimdThreeDifferentEncodings.USUBW, VectorOnly, &SubtractWide);
        lines.Add(SimdThreeDifferentEncodings.SABDL, VectorOnly, &DifferenceLong);
        lines.Add(SimdThreeDifferentEncodings.UABDL, VectorOnly, &DifferenceLong);
        lines.Add(SimdThreeDifferentEncodings.SABAL, VectorOnly, &DifferenceLongAccumulate);
        lines.Add(SimdThreeDifferentEncodings.UABAL, VectorOnly, &DifferenceLongAccumulate);
        lines.Add(SimdShiftImmediateEncodings.SSHLL, VectorOnly, &ShiftLeftLong);
        lines.Add(SimdShiftImmediateEncodings.USHLL, VectorOnly, &ShiftLeftLong);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.SHLL, VectorOnly, &ShiftLeftByLane);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.SADDLP, VectorOnly, &AddPairs);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.UADDLP, VectorOnly, &AddPairs);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.SADALP, VectorOnly, &AddPairsAccumulate);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.UADALP, VectorOnly, &AddPairsAccumulate);
    }

    /// <summary>The half of a V register that Q chooses.</summary>
    public static Memory Half(uint word, int n) => Vector(n).Plus(Q(word) ? 8 : 0);

    /// <summary>Loads the half of a V register that Q chooses, widened as U says.</summary>
    public static void LoadWidened(UnitEmitter e, uint word, VectorRegister to, int n) =>
        LoadWidened(e, word, Widen(Size(word), U(word)), to, n);

    /// <summary>Loads the half of a V register that Q chooses, widened by <paramref name="op"/>.</summary>
    public static void LoadWidened(UnitEmitter e, uint word, VectorOp op, VectorRegister to, int n)
    {
        if (!e.TryCopy(n, out VectorRegister from))
        {
            e.A.VectorUnary(op, to, Half(word, n));
            return;
        }
        if (Q(word))
        {
            e.A.VectorUnary(Pshufd, to, from, 0b11_10_11_10);
            from = to;
        }
        e.A.VectorUnary(op, to, from);
    }

    /// <summary>Adds neighbouring lanes into one of twice their size; changes the scratch register.</summary>
    public static void AddNeighbours(UnitEmitter e, int size, bool unsigned, VectorRegister x, VectorRegister scratch)
    {
        Assembler a = e.A;
        switch (size, unsigned)
        {
            case (0, true):
                // The first source is unsigned, the second signed.
                e.WithConstant(Pmaddubsw, x, x, Repeat(0, 1));
                break;
            case (0, false):
                e.LoadConstant(scratch, Repeat(0, 1), Repeat(0, 1));
                a.Vector(Pmaddubsw, x, scratch, x);
                break;
            case (1, false):
                e.WithConstant(Pmaddwd, x, x, Repeat(1, 1));
                break;
            case (1, true):
                a.VectorShiftImmediate(VectorShift.Psrld, scratch, x, 16);
                e.WithConstant(Pand, x, x, Repeat(2, 0xFFFF));
                a.Vector(Paddd, x, x, scratch);
                break;
            case (_, true):
                a.VectorShiftImmediate(VectorShift.Psrlq, scratch, x, 32);
                e.WithConstant(Pand, x, x, Repeat(3, 0xFFFF_FFFF));
                a.Vector(Paddq, x, x, scratch);
                break;
            default:
                // Multiplied by 1: signed products of the even lanes.
                a.VectorShiftImmediate(VectorShift.Psrlq, scratch, x, 32);
                e.WithConstant(Pmuldq, x, x, Repeat(2, 1));
                e.WithConstant(Pmuldq, scratch, scratch, Repeat(2, 1));
                a.Vector(Paddq, x, x, scratch);
                break;
        }
    }

    private static void AddLong(UnitEmitter e, uint word) => Long(e, word, Add(Size(word) + 1));

    private static void SubtractLong(UnitEmitter e, uint word) => Long(e, word, Subtract(Size(word) + 1));

    private static void Long(UnitEmitter e, uint word, VectorOp op)
    {
        LoadWidened(e, word, Xmm0, N(word));
        LoadWidened(e, word, Xmm1, M(word));
        e.A.Vector(op, Xmm0, Xmm0, Xmm1);
        e.StoreVector(D(word), Xmm0);
    }

    private static void AddWide(UnitEmitter e, uint word) => Wide(e, word, Add(Size(word) + 1));

    private static void SubtractWide(UnitEmitter e, uint word) => Wide(e, word, Subtract(Size(word) + 1));

    private static void Wide(UnitEmitter e, uint word, VectorOp op)
    {
        e.LoadVector(Xmm0, N(word));
        LoadWidened(e, word, Xmm1, M(word));
        e.A.Vector(op, Xmm0, Xmm0, Xmm1);
        e.StoreVector(D(word), Xmm0);
    }

    private static void DifferenceLong(UnitEmitter e, uint word)
    {
        WidenedDifference(e, word);
        e.StoreVector(D(word), Xmm0);
    }

    private static void DifferenceLongAccumulate(UnitEmitter e, uint word)
    {
        WidenedDifference(e, word);
        e.Vector(Add(Size(word) + 1), Xmm0, Xmm0, D(word));
        e.StoreVector(D(word), Xmm0);
    }

    /// <summary>A difference without its sign fits in a lane, as an unsigned number.</summary>
    private static void WidenedDifference(UnitEmitter e, uint word)
    {
        e.A.LoadVector(8, Xmm0, Half(word, N(word)));
        e.A.LoadVector(8, Xmm1, Half(word, M(word)));
        LaneArithmetic.AbsoluteDifference(e, Size(word), U(word), Xmm0, Xmm1, Xmm2);
        e.A.VectorUnary(Widen(Size(word), unsigned: true), Xmm0, Xmm0);
    }

    private static void ShiftLeftLong(UnitEmitter e, uint word)
    {
        int size = LaneShift.SizeOf(word);
        LoadWidened(e, word, Widen(size, U(word)), Xmm0, N(word));
        LaneShift.Left(e, size + 1, Xmm0, LaneShift.LeftBy(word));
        e.StoreVector(D(word), Xmm0);
    }

    private static void ShiftLeftByLane(UnitEmitter e, uint word)
    {
        int size = Size(word);
        LoadWidened(e, word, Widen(size, unsigned: true), Xmm0, N(word));
        LaneShift.Left(e, size + 1, Xmm0, 8 << size);
        e.StoreVector(D(word), Xmm0);
    }

    private static void AddPairs(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        AddNeighbours(e, Size(word), U(word), Xmm0, Xmm1);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void AddPairsAccumulate(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        AddNeighbours(e, Size(word), U(word), Xmm0, Xmm1);
        e.Vector(Add(Size(word) + 1), Xmm0, Xmm0, D(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }
}
