using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator;

/// <summary>FEAT_CRC32 (DDI0487 C6.2.70, C6.2.71). The polynomial of CRC32C is the one that the host has an instruction for.</summary>
internal static unsafe class Checksums
{
    /// <summary>The polynomial of CRC32, its terms in ascending bits from x^32 down to 1.</summary>
    private const ulong Polynomial = 0x1_DB71_0641;

    /// <summary>What gives 1 when it is multiplied by the polynomial, as far as the low 64 bits.</summary>
    private static readonly ulong Inverse = MakeInverse();

    public static void AddTo(TranslationLines lines)
    {
        lines.Add(DataProcessingRegisterEncodings.CRC32C, Traits.KeepsHostFlags, &Castagnoli);
        if (lines.Features.Pclmulqdq)
            lines.Add(DataProcessingRegisterEncodings.CRC32, Traits.None, &Ethernet);
    }

    private static void Castagnoli(UnitEmitter e, uint word)
    {
        int size = 1 << (int)(word >> 10 & 3);
        Register data = e.Read(UnitEmitter.Source(word, 16), Register.Rcx);
        e.A.Mov(false, Register.Rax, e.Read(UnitEmitter.Source(word, 5), Register.Rax));
        e.A.Crc32C(size, Register.Rax, data);
        e.Commit(UnitEmitter.Target(word, 0), Register.Rax);
    }

    /// <summary>
    /// The message is a polynomial whose highest power is bit 0. Its multiple of the CRC's polynomial that agrees with it in the low 64 bits
    /// leaves the remainder above them. Shorter data stands at the top of the 64 bits; what of the old remainder it does not reach is shifted.
    /// </summary>
    private static void Ethernet(UnitEmitter e, uint word)
    {
        int bits = 8 << (int)(word >> 10 & 3);
        int old = UnitEmitter.Source(word, 5);
        Assembler a = e.A;
        e.ClobberFlags();
        // Of the old remainder the lower half only.
        a.Mov(false, Register.Rax, e.Read(old, Register.Rax));
        if (bits < 32)
            a.Mov(false, Register.Rdx, Register.Rax);
        a.Alu(Arithmetic.Xor, true, Register.Rax, e.Read(UnitEmitter.Source(word, 16), Register.Rcx));
        if (bits < 64)
            a.ShiftImmediate(Shift.Shl, true, Register.Rax, 64 - bits);
        a.MoveFromGeneral(true, VectorRegister.Xmm0, Register.Rax);
        a.MovImmediate(Register.Rax, Inverse);
        a.MoveFromGeneral(true, VectorRegister.Xmm1, Register.Rax);
        a.Crypto(CryptoOperationWithConstant.Pclmulqdq, VectorRegister.Xmm0, VectorRegister.Xmm1, 0);
        a.MovImmediate(Register.Rax, Polynomial);
        a.MoveFromGeneral(true, VectorRegister.Xmm1, Register.Rax);
        a.Crypto(CryptoOperationWithConstant.Pclmulqdq, VectorRegister.Xmm0, VectorRegister.Xmm1, 0);
        a.UpperHalf(Register.Rax, VectorRegister.Xmm0);
        if (bits < 32)
        {
            a.ShiftImmediate(Shift.Shr, false, Register.Rdx, bits);
            a.Alu(Arithmetic.Xor, false, Register.Rax, Register.Rdx);
        }
        e.Commit(UnitEmitter.Target(word, 0), Register.Rax);
    }

    /// <summary>Bit by bit: whatever is left above bit 0 of the product is taken away by a shifted polynomial.</summary>
    private static ulong MakeInverse()
    {
        ulong inverse = 0, product = 1;
        for (int bit = 0; bit < 64; bit++)
        {
            if ((product >> bit & 1) == 0)
                continue;
            inverse |= 1UL << bit;
            product ^= Polynomial << bit;
        }
        return inverse;
    }
}
