using Meanwhile.Arm64.Decoding.Encodings;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>Advanced SIMD modified immediate (DDI0487 C4.1.96).</summary>
internal static unsafe class ModifiedImmediate
{
    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Avx)
            return;
        lines.Add(SimdModifiedImmediateEncodings.MOVI_32, VectorOnly, &Move);
        lines.Add(SimdModifiedImmediateEncodings.MOVI_16, VectorOnly, &Move);
        lines.Add(SimdModifiedImmediateEncodings.MOVI_msl, VectorOnly, &Move);
        lines.Add(SimdModifiedImmediateEncodings.MOVI_8, VectorOnly, &Move);
        lines.Add(SimdModifiedImmediateEncodings.MOVI_64, VectorOnly, &Move);
        lines.Add(SimdModifiedImmediateEncodings.FMOV_single, VectorOnly, &Move);
        lines.Add(SimdModifiedImmediateEncodings.FMOV_double, VectorOnly, &Move);
        lines.Add(SimdModifiedImmediateEncodings.MVNI_32, VectorOnly, &MoveInverted);
        lines.Add(SimdModifiedImmediateEncodings.MVNI_16, VectorOnly, &MoveInverted);
        lines.Add(SimdModifiedImmediateEncodings.MVNI_msl, VectorOnly, &MoveInverted);
        lines.Add(SimdModifiedImmediateEncodings.ORR_32, VectorOnly, &Or);
        lines.Add(SimdModifiedImmediateEncodings.ORR_16, VectorOnly, &Or);
        lines.Add(SimdModifiedImmediateEncodings.BIC_32, VectorOnly, &Clear);
        lines.Add(SimdModifiedImmediateEncodings.BIC_16, VectorOnly, &Clear);
    }

    /// <summary>AdvSIMDExpandImm; without the inversion of MVNI and BIC.</summary>
    private static ulong Expand(uint word)
    {
        uint imm8 = (word >> 11 & 0xE0) | (word >> 5 & 0x1F);
        int cmode = (int)(word >> 12 & 15);
        bool op = U(word);
        return (cmode >> 1) switch
        {
            < 4 => Repeat(2, (ulong)imm8 << (8 * (cmode >> 1))),
            < 6 => Repeat(1, imm8 << (8 * (cmode >> 1 & 1))),
            6 => Repeat(2, (cmode & 1) == 0 ? imm8 << 8 | 0xFF : imm8 << 16 | 0xFFFF),
            _ => (cmode & 1, op) switch
            {
                (0, false) => Repeat(0, imm8),
                (0, true) => BytesOfBits(imm8),
                (_, false) => Repeat(2, ExpandSingle(imm8)),
                _ => ExpandDouble(imm8),
            },
        };
    }

    /// <summary>VFPExpandImm for doubles: sign, exponent NOT(b):b..b:cd, fraction efgh.</summary>
    private static ulong ExpandDouble(uint imm8) =>
        (ulong)(imm8 & 0x80) << 56 | ((imm8 & 0x40) != 0 ? 0x3FC0_0000_0000_0000u : 0x4000_0000_0000_0000u) | (ulong)(imm8 & 0x3F) << 48;

    /// <summary>VFPExpandImm for singles.</summary>
    private static uint ExpandSingle(uint imm8) =>
        (imm8 & 0x80) << 24 | ((imm8 & 0x40) != 0 ? 0x3E00_0000u : 0x4000_0000u) | (imm8 & 0x3F) << 19;

    private static ulong BytesOfBits(uint imm8)
    {
        ulong bytes = 0;
        for (int bit = 0; bit < 8; bit++)
            bytes |= (imm8 >> bit & 1) * 0xFFUL << (8 * bit);
        return bytes;
    }

    private static void Move(UnitEmitter e, uint word) => Load(e, word, Expand(word));

    private static void MoveInverted(UnitEmitter e, uint word) => Load(e, word, ~Expand(word));

    private static void Load(UnitEmitter e, uint word, ulong value)
    {
        e.LoadConstant(Xmm0, value, IsFull(word) ? value : 0);
        e.StoreVector(D(word), Xmm0);
    }

    private static void Or(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, D(word));
        e.WithConstant(Por, Xmm0, Xmm0, Expand(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>The mask clears the upper half where that is to be zero.</summary>
    private static void Clear(UnitEmitter e, uint word)
    {
        ulong mask = ~Expand(word);
        e.LoadVector(Xmm0, D(word));
        e.WithConstant(Pand, Xmm0, Xmm0, mask, IsFull(word) ? mask : 0);
        e.StoreVector(D(word), Xmm0);
    }
}
