using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>Counts and reversals of bits (DDI0487 C4.1.96: two-register miscellaneous). A table of 16 bytes answers for each half of a byte.</summary>
internal static unsafe class BitCounting
{
    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Avx)
            return;
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.CNT, VectorOnly, &CountOnes);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.RBIT, VectorOnly, &ReverseBits);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.CLZ, VectorOnly, &CountLeadingZeros);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.CLS, VectorOnly, &CountLeadingSigns);
    }

    /// <summary>XMM0 becomes the low halves' answers, XMM1 the high halves'.</summary>
    private static void LookUp(UnitEmitter e, Func<int, int> low, Func<int, int> high)
    {
        e.A.VectorShiftImmediate(VectorShift.Psrlw, Xmm1, Xmm0, 4);
        e.LoadConstant(Xmm2, Repeat(0, 0x0F), Repeat(0, 0x0F));
        e.A.Vector(Pand, Xmm0, Xmm0, Xmm2);
        e.A.Vector(Pand, Xmm1, Xmm1, Xmm2);
        (ulong first, ulong second) = Table(low);
        e.LoadConstant(Xmm3, first, second);
        e.A.Vector(Pshufb, Xmm0, Xmm3, Xmm0);
        (first, second) = Table(high);
        e.LoadConstant(Xmm3, first, second);
        e.A.Vector(Pshufb, Xmm1, Xmm3, Xmm1);
    }

    private static (ulong First, ulong Second) Table(Func<int, int> answer)
    {
        ulong first = 0, second = 0;
        for (int n = 0; n < 8; n++)
        {
            first |= (ulong)answer(n) << (8 * n);
            second |= (ulong)answer(n + 8) << (8 * n);
        }
        return (first, second);
    }

    private static int Ones(int half) => System.Numerics.BitOperations.PopCount((uint)half);

    private static int Reversed(int half) => (half & 1) << 3 | (half & 2) << 1 | (half & 4) >> 1 | half >> 3;

    private static int LeadingZeros(int half) => System.Numerics.BitOperations.LeadingZeroCount((uint)half) - 28;

    private static void CountOnes(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        LookUp(e, Ones, Ones);
        e.A.Vector(Paddb, Xmm0, Xmm0, Xmm1);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void ReverseBits(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        LookUp(e, half => Reversed(half) << 4, Reversed);
        e.A.Vector(Por, Xmm0, Xmm0, Xmm1);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void CountLeadingZeros(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        LeadingZerosOfLanes(e, Size(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>A bit of x EOR (x shifted right) is set where it differs from the one above: the first of them ends the sign.</summary>
    private static void CountLeadingSigns(UnitEmitter e, uint word)
    {
        int size = Size(word);
        e.LoadVector(Xmm0, N(word));
        LaneShift.Right(e, size, unsigned: false, Xmm0, 1, Xmm2);
        e.A.Vector(Pxor, Xmm0, Xmm0, HostLayout.Vector(N(word)));
        LeadingZerosOfLanes(e, size);
        e.A.Vector(Pcmpeqd, Xmm1, Xmm1, Xmm1);
        e.A.Vector(Add(size), Xmm0, Xmm0, Xmm1);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>In XMM0. Of two halves the lower counts when the upper is all zeros.</summary>
    private static void LeadingZerosOfLanes(UnitEmitter e, int size)
    {
        LookUp(e, half => 4 + LeadingZeros(half), half => half == 0 ? 8 : LeadingZeros(half));
        e.A.Vector(Pminub, Xmm0, Xmm0, Xmm1);
        for (int wider = 1; wider <= size; wider++)
        {
            int bits = 4 << wider;
            e.A.VectorShiftImmediate(ShiftRight(wider), Xmm1, Xmm0, bits);
            e.WithConstant(CompareEqual(wider), Xmm2, Xmm1, Repeat(wider, (ulong)bits));
            e.WithConstant(Pand, Xmm2, Xmm2, Repeat(wider, (1UL << bits) - 1));
            e.A.Vector(Pand, Xmm0, Xmm0, Xmm2);
            e.A.Vector(Add(wider), Xmm0, Xmm0, Xmm1);
        }
    }
}
