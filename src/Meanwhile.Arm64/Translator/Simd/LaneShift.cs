using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>Advanced SIMD shift by immediate, vector and scalar, without saturation (DDI0487 C4.1.96).</summary>
internal static unsafe class LaneShift
{
    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Avx)
            return;
        lines.Add(SimdShiftImmediateEncodings.SHL, VectorOnly, &ShiftLeft);
        lines.Add(SimdShiftImmediateEncodings.SLI, VectorOnly, &ShiftLeftInsert);
        lines.Add(SimdShiftImmediateEncodings.SRI, VectorOnly, &ShiftRightInsert);
        lines.Add(SimdShiftImmediateEncodings.SSHR, VectorOnly, &ShiftRight);
        lines.Add(SimdShiftImmediateEncodings.USHR, VectorOnly, &ShiftRight);
        lines.Add(SimdShiftImmediateEncodings.SSRA, VectorOnly, &ShiftRight);
        lines.Add(SimdShiftImmediateEncodings.USRA, VectorOnly, &ShiftRight);
        lines.Add(SimdShiftImmediateEncodings.SRSHR, VectorOnly, &ShiftRight);
        lines.Add(SimdShiftImmediateEncodings.URSHR, VectorOnly, &ShiftRight);
        lines.Add(SimdShiftImmediateEncodings.SRSRA, VectorOnly, &ShiftRight);
        lines.Add(SimdShiftImmediateEncodings.URSRA, VectorOnly, &ShiftRight);
        lines.Add(SimdScalarShiftImmediateEncodings.SHL, VectorOnly, &ShiftLeft);
        lines.Add(SimdScalarShiftImmediateEncodings.SLI, VectorOnly, &ShiftLeftInsert);
        lines.Add(SimdScalarShiftImmediateEncodings.SRI, VectorOnly, &ShiftRightInsert);
        lines.Add(SimdScalarShiftImmediateEncodings.SSHR, VectorOnly, &ShiftRight);
        lines.Add(SimdScalarShiftImmediateEncodings.USHR, VectorOnly, &ShiftRight);
        lines.Add(SimdScalarShiftImmediateEncodings.SSRA, VectorOnly, &ShiftRight);
        lines.Add(SimdScalarShiftImmediateEncodings.USRA, VectorOnly, &ShiftRight);
        lines.Add(SimdScalarShiftImmediateEncodings.SRSHR, VectorOnly, &ShiftRight);
        lines.Add(SimdScalarShiftImmediateEncodings.URSHR, VectorOnly, &ShiftRight);
        lines.Add(SimdScalarShiftImmediateEncodings.SRSRA, VectorOnly, &ShiftRight);
        lines.Add(SimdScalarShiftImmediateEncodings.URSRA, VectorOnly, &ShiftRight);
    }

    /// <summary>log2 of a lane's bytes, from immh.</summary>
    public static int SizeOf(uint word) => 31 - System.Numerics.BitOperations.LeadingZeroCount(word >> 19 & 15);

    /// <summary>How far to the left: immh:immb less the lane's bits.</summary>
    public static int LeftBy(uint word) => (int)(word >> 16 & 0x7F) - (8 << SizeOf(word));

    /// <summary>How far to the right: twice the lane's bits less immh:immb.</summary>
    public static int RightBy(uint word) => (16 << SizeOf(word)) - (int)(word >> 16 & 0x7F);

    /// <summary>Shifts lanes to the left, by less than their bits. Bytes are shifted in pairs, and what crosses over is cleared.</summary>
    public static void Left(UnitEmitter e, int size, VectorRegister x, int count)
    {
        if (count == 0)
            return;
        if (size > 0)
        {
            e.A.VectorShiftImmediate(Arrangement.ShiftLeft(size), x, x, count);
            return;
        }
        e.A.VectorShiftImmediate(VectorShift.Psllw, x, x, count);
        e.WithConstant(Pand, x, x, Repeat(0, 0xFFu << count));
    }

    /// <summary>Shifts lanes to the right, by 1 to their bits; may change the scratch register.</summary>
    public static void Right(UnitEmitter e, int size, bool unsigned, VectorRegister x, int count, VectorRegister scratch)
    {
        if (size == 0)
        {
            RightBytes(e, unsigned, x, count);
        }
        else if (unsigned)
        {
            e.A.VectorShiftImmediate(Arrangement.ShiftRight(size), x, x, count);
        }
        else if (size < 3)
        {
            e.A.VectorShiftImmediate(size == 1 ? VectorShift.Psraw : VectorShift.Psrad, x, x, count);
        }
        else
        {
            // The host shifts 64 bits as unsigned only: negative ones inverted, before and after.
            e.A.Vector(Pxor, scratch, scratch, scratch);
            e.A.Vector(Pcmpgtq, scratch, scratch, x);
            e.A.Vector(Pxor, x, x, scratch);
            e.A.VectorShiftImmediate(VectorShift.Psrlq, x, x, count);
            e.A.Vector(Pxor, x, x, scratch);
        }
    }

    private static void RightBytes(UnitEmitter e, bool unsigned, VectorRegister x, int count)
    {
        if (!unsigned)
            count = Math.Min(count, 7);
        e.A.VectorShiftImmediate(VectorShift.Psrlw, x, x, count);
        e.WithConstant(Pand, x, x, Repeat(0, 0xFFu >> count));
        if (unsigned)
            return;
        // The sign, now lower, is extended.
        ulong sign = Repeat(0, 0x80u >> count);
        e.WithConstant(Pxor, x, x, sign);
        e.WithConstant(Psubb, x, x, sign);
    }

    private static void ShiftLeft(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        Left(e, SizeOf(word), Xmm0, LeftBy(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void ShiftLeftInsert(UnitEmitter e, uint word)
    {
        int size = SizeOf(word), count = LeftBy(word);
        e.LoadVector(Xmm0, N(word));
        if (count != 0)
        {
            Left(e, size, Xmm0, count);
            e.LoadVector(Xmm1, D(word));
            e.WithConstant(Pand, Xmm1, Xmm1, Repeat(size, (1UL << count) - 1));
            e.A.Vector(Por, Xmm0, Xmm0, Xmm1);
        }
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void ShiftRightInsert(UnitEmitter e, uint word)
    {
        int size = SizeOf(word), count = RightBy(word);
        ulong lane = ulong.MaxValue >> (64 - (8 << size));
        ulong kept = count == 8 << size ? lane : lane & ~(lane >> count);
        e.LoadVector(Xmm0, N(word));
        Right(e, size, unsigned: true, Xmm0, count, Xmm2);
        e.LoadVector(Xmm1, D(word));
        e.WithConstant(Pand, Xmm1, Xmm1, Repeat(size, kept));
        e.A.Vector(Por, Xmm0, Xmm0, Xmm1);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>As <see cref="Right"/>, and adds the last bit that goes. Changes both scratch registers.</summary>
    public static void RightRounding(
        UnitEmitter e, int size, bool unsigned, VectorRegister x, int count, VectorRegister scratch, VectorRegister last)
    {
        e.A.VectorShiftImmediate(Arrangement.ShiftRight(Math.Max(size, 1)), last, x, count - 1);
        e.WithConstant(Pand, last, last, Repeat(size, 1));
        Right(e, size, unsigned, x, count, scratch);
        e.A.Vector(Add(size), x, x, last);
    }

    /// <summary>Bits 13 and 12 of the opcode: rounding and accumulation.</summary>
    private static void ShiftRight(UnitEmitter e, uint word)
    {
        int size = SizeOf(word), count = RightBy(word);
        e.LoadVector(Xmm0, N(word));
        if ((word >> 13 & 1) != 0)
            RightRounding(e, size, U(word), Xmm0, count, Xmm2, Xmm1);
        else
            Right(e, size, U(word), Xmm0, count, Xmm2);
        if ((word >> 12 & 1) != 0)
            e.Vector(Add(size), Xmm0, Xmm0, D(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }
}
