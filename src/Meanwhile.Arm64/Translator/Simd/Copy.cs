using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>Advanced SIMD copy, and FMOV between general and vector registers (DDI0487 C4.1.96).</summary>
internal static unsafe class Copy
{
    public static void AddTo(TranslationLines lines)
    {
        lines.Add(SimdCopyEncodings.UMOV, VectorOnly, &MoveOut);
        lines.Add(SimdCopyEncodings.SMOV, VectorOnly, &MoveOutSigned);
        lines.Add(SimdCopyEncodings.DUP_elt_scalar, VectorOnly, &DuplicateScalar);
        lines.Add(FloatingPointConversionEncodings.FMOV_to_W, VectorOnly, &FmovOut);
        lines.Add(FloatingPointConversionEncodings.FMOV_to_X, VectorOnly, &FmovOut);
        lines.Add(FloatingPointConversionEncodings.FMOV_top_to_X, VectorOnly, &FmovTopOut);
        lines.Add(FloatingPointConversionEncodings.FMOV_from_W, VectorOnly, &FmovIn);
        lines.Add(FloatingPointConversionEncodings.FMOV_from_X, VectorOnly, &FmovIn);
        if (!lines.Features.Avx)
            return;
        lines.Add(FloatingPointConversionEncodings.FMOV_top_from_X, VectorOnly, &FmovTopIn);
        lines.Add(SimdCopyEncodings.INS_gen, VectorOnly, &InsertGeneral);
        lines.Add(SimdCopyEncodings.INS_elt, VectorOnly, &InsertElement);
        if (!lines.Features.Avx2)
            return;
        lines.Add(SimdCopyEncodings.DUP_elt, VectorOnly, &DuplicateElement);
        lines.Add(SimdCopyEncodings.DUP_gen, VectorOnly, &DuplicateGeneral);
    }

    /// <summary>Replaces a lane of <paramref name="x"/> by the low bits of a general register.</summary>
    public static void Insert(UnitEmitter e, int size, VectorRegister x, int lane, Register from) =>
        e.A.Vector(BySize(size, Pinsrb, Pinsrw, Pinsrd, Pinsrq), x, x, from, lane);

    /// <summary>Replaces a lane of <paramref name="x"/> by memory.</summary>
    public static void Insert(UnitEmitter e, int size, VectorRegister x, int lane, in Memory from) =>
        e.A.Vector(BySize(size, Pinsrb, Pinsrw, Pinsrd, Pinsrq), x, x, from, lane);

    /// <summary>log2 of an element's bytes: the lowest bit of imm5 that is set.</summary>
    private static int SizeOf(uint word) => System.Numerics.BitOperations.TrailingZeroCount(word >> 16 & 31);

    /// <summary>The element's number: the bits of imm5 above.</summary>
    private static int Lane(uint word) => (int)((word >> 16 & 31) >> (SizeOf(word) + 1));

    private static Memory Element(uint word) => Vector(N(word)).Plus(Lane(word) << SizeOf(word));

    private static void MoveOut(UnitEmitter e, uint word)
    {
        int d = UnitEmitter.Target(word, 0);
        Register result = e.Destination(d);
        e.A.Load(1 << SizeOf(word), result, Element(word));
        e.Commit(d, result);
    }

    private static void MoveOutSigned(UnitEmitter e, uint word)
    {
        int d = UnitEmitter.Target(word, 0);
        Register result = e.Destination(d);
        e.A.LoadSigned(1 << SizeOf(word), Q(word), result, Element(word));
        e.Commit(d, result);
    }

    private static void DuplicateScalar(UnitEmitter e, uint word)
    {
        int size = SizeOf(word);
        if (size < 2)
        {
            e.A.Load(1 << size, Register.Rax, Element(word));
            e.A.MoveFromGeneral(false, Xmm0, Register.Rax);
        }
        else
        {
            e.A.LoadVector(1 << size, Xmm0, Element(word));
        }
        e.StoreVector(D(word), Xmm0);
    }

    private static void DuplicateElement(UnitEmitter e, uint word)
    {
        e.A.VectorUnary(Broadcast(SizeOf(word)), Xmm0, Element(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void DuplicateGeneral(UnitEmitter e, uint word)
    {
        int size = SizeOf(word), n = UnitEmitter.Source(word, 5);
        if (n == CpuState.Zr)
        {
            e.LoadConstant(Xmm0, 0, 0);
            e.StoreVector(D(word), Xmm0);
            return;
        }
        e.A.VectorUnary(size == 3 ? MovqFromGeneral : MovdFromGeneral, Xmm0, e.Read(n, Register.Rax));
        e.A.VectorUnary(Broadcast(size), Xmm0, Xmm0);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void InsertGeneral(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, D(word));
        Insert(e, SizeOf(word), Xmm0, Lane(word), e.Read(UnitEmitter.Source(word, 5), Register.Rax));
        e.StoreVector(D(word), Xmm0);
    }

    private static void InsertElement(UnitEmitter e, uint word)
    {
        int size = SizeOf(word);
        int from = (int)(word >> 11 & 15) >> size << size;
        e.LoadVector(Xmm0, D(word));
        Insert(e, size, Xmm0, Lane(word), Vector(N(word)).Plus(from));
        e.StoreVector(D(word), Xmm0);
    }

    private static bool Is64(uint word) => word >> 31 != 0;

    private static void FmovOut(UnitEmitter e, uint word)
    {
        int d = UnitEmitter.Target(word, 0);
        Register result = e.Destination(d);
        if (e.TryCopy(N(word), out VectorRegister copy))
            e.A.VectorMoveOut(Is64(word) ? MovqToGeneral : MovdToGeneral, result, copy);
        else
            e.A.Load(Is64(word) ? 8 : 4, result, Vector(N(word)));
        e.Commit(d, result);
    }

    private static void FmovTopOut(UnitEmitter e, uint word)
    {
        int d = UnitEmitter.Target(word, 0);
        Register result = e.Destination(d);
        e.A.Load(8, result, Vector(N(word)).Plus(8));
        e.Commit(d, result);
    }

    private static void FmovIn(UnitEmitter e, uint word)
    {
        e.A.MoveFromGeneral(Is64(word), Xmm0, e.Read(UnitEmitter.Source(word, 5), Register.Rax));
        e.StoreVector(D(word), Xmm0);
    }

    private static void FmovTopIn(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, D(word));
        Insert(e, 3, Xmm0, 1, e.Read(UnitEmitter.Source(word, 5), Register.Rax));
        e.StoreVector(D(word), Xmm0);
    }
}
