using System.Runtime.Intrinsics;
using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>Advanced SIMD modified immediate. The immediate is expanded once, to 64 bits (DDI0487 AdvSIMDExpandImm).</summary>
internal static unsafe class ModifiedImmediate
{
    private const ulong EachByte = 0x0101_0101_0101_0101, EachHalfword = 0x0001_0001_0001_0001, EachWord = 0x0000_0001_0000_0001;

    public static void Register(Binders b)
    {
        b.Add(SimdModifiedImmediateEncodings.MOVI_32, &BindMovi32);
        b.Add(SimdModifiedImmediateEncodings.MVNI_32, &BindMvni32);
        b.Add(SimdModifiedImmediateEncodings.ORR_32, &BindOrr32);
        b.Add(SimdModifiedImmediateEncodings.BIC_32, &BindBic32);
        b.Add(SimdModifiedImmediateEncodings.MOVI_16, &BindMovi16);
        b.Add(SimdModifiedImmediateEncodings.MVNI_16, &BindMvni16);
        b.Add(SimdModifiedImmediateEncodings.ORR_16, &BindOrr16);
        b.Add(SimdModifiedImmediateEncodings.BIC_16, &BindBic16);
        b.Add(SimdModifiedImmediateEncodings.MOVI_msl, &BindMoviMsl);
        b.Add(SimdModifiedImmediateEncodings.MVNI_msl, &BindMvniMsl);
        b.Add(SimdModifiedImmediateEncodings.MOVI_8, &BindMovi8);
        b.Add(SimdModifiedImmediateEncodings.MOVI_64, &BindMovi64);
        b.Add(SimdModifiedImmediateEncodings.FMOV_single, &BindFmovSingle);
        b.Add(SimdModifiedImmediateEncodings.FMOV_double, &BindFmovDouble);
    }

    private static uint Imm8(uint word) => (word >> 11 & 0xE0) | (word >> 5 & 0x1F);

    private static int Cmode(uint word) => (int)(word >> 12 & 15);

    private static ulong Words(uint word) => EachWord * (Imm8(word) << (8 * (Cmode(word) >> 1 & 3)));

    private static ulong Halfwords(uint word) => EachHalfword * (Imm8(word) << (8 * (Cmode(word) >> 1 & 1)));

    private static ulong ShiftedOnes(uint word)
        => EachWord * ((Cmode(word) & 1) == 0 ? Imm8(word) << 8 | 0xFF : Imm8(word) << 16 | 0xFFFF);

    // Each bit of the immediate becomes a byte.
    private static ulong Mask(uint word)
    {
        ulong mask = 0;
        for (int bit = 0; bit < 8; bit++)
            mask |= (Imm8(word) >> bit & 1) * 0xFFUL << (8 * bit);
        return mask;
    }

    // DDI0487 VFPExpandImm: sign, exponent NOT(b):b..b:cd, fraction efgh.
    private static uint Single(uint imm8)
        => (imm8 & 0x80) << 24 | ((imm8 & 0x40) != 0 ? 0x3E00_0000u : 0x4000_0000u) | (imm8 & 0x3F) << 19;

    private static ulong Double(uint imm8)
        => (ulong)(imm8 & 0x80) << 56 | ((imm8 & 0x40) != 0 ? 0x3FC0_0000_0000_0000u : 0x4000_0000_0000_0000u) | (ulong)(imm8 & 0x3F) << 48;

    private static void BindMove(Insn* i, ulong immediate)
    {
        Operands.Registers(i);
        i->Imm = immediate;
        i->Handler = Operands.Q(i) ? &Move : &MoveHalf;
    }

    private static void BindOr(Insn* i, ulong immediate)
    {
        Operands.Registers(i);
        i->Imm = immediate;
        i->Handler = Operands.Q(i) ? &Or<Full> : &Or<Half>;
    }

    private static void BindBic(Insn* i, ulong immediate)
    {
        Operands.Registers(i);
        i->Imm = ~immediate;
        i->Handler = Operands.Q(i) ? &And<Full> : &And<Half>;
    }

    private static void BindMovi32(Insn* i) => BindMove(i, Words(i->Word));

    private static void BindMvni32(Insn* i) => BindMove(i, ~Words(i->Word));

    private static void BindOrr32(Insn* i) => BindOr(i, Words(i->Word));

    private static void BindBic32(Insn* i) => BindBic(i, Words(i->Word));

    private static void BindMovi16(Insn* i) => BindMove(i, Halfwords(i->Word));

    private static void BindMvni16(Insn* i) => BindMove(i, ~Halfwords(i->Word));

    private static void BindOrr16(Insn* i) => BindOr(i, Halfwords(i->Word));

    private static void BindBic16(Insn* i) => BindBic(i, Halfwords(i->Word));

    private static void BindMoviMsl(Insn* i) => BindMove(i, ShiftedOnes(i->Word));

    private static void BindMvniMsl(Insn* i) => BindMove(i, ~ShiftedOnes(i->Word));

    private static void BindMovi8(Insn* i) => BindMove(i, EachByte * Imm8(i->Word));

    private static void BindMovi64(Insn* i) => BindMove(i, Mask(i->Word));

    private static void BindFmovSingle(Insn* i) => BindMove(i, EachWord * Single(Imm8(i->Word)));

    private static void BindFmovDouble(Insn* i) => BindMove(i, Double(Imm8(i->Word)));

    private static int Move(CpuState* s, Insn* i)
    {
        Full.Store(s, i->D, Vector128.Create(i->Imm));
        return Status.Next;
    }

    private static int MoveHalf(CpuState* s, Insn* i)
    {
        Half.Store(s, i->D, Vector128.CreateScalar(i->Imm));
        return Status.Next;
    }

    private static int Or<TShape>(CpuState* s, Insn* i)
        where TShape : struct, IShape
    {
        TShape.Store(s, i->D, TShape.Load<ulong>(s, i->D) | Vector128.Create(i->Imm));
        return Status.Next;
    }

    private static int And<TShape>(CpuState* s, Insn* i)
        where TShape : struct, IShape
    {
        TShape.Store(s, i->D, TShape.Load<ulong>(s, i->D) & Vector128.Create(i->Imm));
        return Status.Next;
    }
}
