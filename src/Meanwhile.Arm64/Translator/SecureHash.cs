using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <summary>SHA-1 and SHA-256 (FEAT_SHA1, FEAT_SHA256; FIPS 180-4 section 6). None of it touches the host's flags.</summary>
/// <remarks>The guest's state begins with a in the lowest lane, the host's with a in the highest; the host adds the constants of SHA-1 itself.</remarks>
internal static unsafe class SecureHash
{
    private const VectorRegister X0 = VectorRegister.Xmm0, X1 = VectorRegister.Xmm1, X2 = VectorRegister.Xmm2, X3 = VectorRegister.Xmm3;

    /// <summary>PSHUFD: all lanes in the opposite order.</summary>
    private const byte Reversed = 0b00_01_10_11;

    /// <summary>SHUFPS: lanes 1, 0 of the first, then of the second.</summary>
    private const byte LowerReversed = 0b00_01_00_01;

    /// <summary>SHUFPS: lanes 3, 2 of the first, then of the second.</summary>
    private const byte UpperReversed = 0b10_11_10_11;

    public static void AddTo(TranslationLines lines)
    {
        lines.Add(CryptographicEncodings.SHA1H, Traits.KeepsHostFlags, &FixedRotate);
        lines.Add(CryptographicEncodings.SHA1SU0, Traits.KeepsHostFlags, &Schedule0);
        lines.Add(CryptographicEncodings.SHA1SU1, Traits.KeepsHostFlags, &Schedule1);
        if (!lines.Features.Sha)
            return;
        lines.Add(CryptographicEncodings.SHA1C, Traits.KeepsHostFlags, &Rounds);
        lines.Add(CryptographicEncodings.SHA1P, Traits.KeepsHostFlags, &Rounds);
        lines.Add(CryptographicEncodings.SHA1M, Traits.KeepsHostFlags, &Rounds);
        lines.Add(CryptographicEncodings.SHA256H, Traits.KeepsHostFlags, &Rounds256);
        lines.Add(CryptographicEncodings.SHA256H2, Traits.KeepsHostFlags, &Rounds256);
        lines.Add(CryptographicEncodings.SHA256SU0, Traits.KeepsHostFlags, &Schedule256First);
        lines.Add(CryptographicEncodings.SHA256SU1, Traits.KeepsHostFlags, &Schedule256Second);
    }

    private static Memory D(uint word) => Vector((int)(word & 31));

    private static Memory N(uint word) => Vector((int)(word >> 5 & 31));

    private static Memory M(uint word) => Vector((int)(word >> 16 & 31));

    /// <summary>Four rounds; bits 13..12 choose the function. What the host will add is taken from the words first, and e joins the first of them.</summary>
    private static void Rounds(UnitEmitter e, uint word)
    {
        // FIPS 180-4 section 4.2.1; the constant of parity's second use is as good as that of the first.
        (byte function, uint constant) = (word >> 12 & 3) switch
        {
            0 => ((byte)0, 0x5A82_7999u),
            1 => ((byte)1, 0x6ED9_EBA1u),
            _ => ((byte)2, 0x8F1B_BCDCu),
        };
        Assembler a = e.A;
        a.MovImmediate(Register.Rax, constant);
        a.MoveFromGeneral(false, X2, Register.Rax);
        a.Crypto(CryptoOperationWithConstant.Pshufd, X2, X2, 0);
        a.LoadVector(16, X1, M(word));
        a.Crypto(CryptoOperation.Psubd, X1, X2);
        a.LoadVector(4, X2, N(word));
        a.Crypto(CryptoOperation.Paddd, X1, X2);
        a.Crypto(CryptoOperationWithConstant.Pshufd, X1, X1, Reversed);
        a.Crypto(CryptoOperationWithConstant.Pshufd, X0, D(word), Reversed);
        a.Crypto(CryptoOperationWithConstant.Sha1rnds4, X0, X1, function);
        a.Crypto(CryptoOperationWithConstant.Pshufd, X0, X0, Reversed);
        a.StoreVector(16, D(word), X0);
    }

    /// <summary>The lowest lane rotated by 30; the others are zero.</summary>
    private static void FixedRotate(UnitEmitter e, uint word)
    {
        e.A.LoadVector(4, X0, N(word));
        RotateLeft(e.A, X0, X1, 30);
        e.A.StoreVector(16, D(word), X0);
    }

    /// <summary>w[t-16] ^ w[t-14] ^ w[t-8], of four words.</summary>
    private static void Schedule0(UnitEmitter e, uint word)
    {
        Assembler a = e.A;
        a.LoadVector(16, X0, D(word));
        a.LoadVector(16, X1, N(word));
        a.Crypto(CryptoOperationWithConstant.Palignr, X1, X0, 8);
        a.Crypto(CryptoOperation.Pxor, X0, X1);
        a.Crypto(CryptoOperation.Pxor, X0, M(word));
        a.StoreVector(16, D(word), X0);
    }

    /// <summary>Adds w[t-3] and rotates by 1; the last word needs the first of the result, which is that of the sum rotated by 2.</summary>
    private static void Schedule1(UnitEmitter e, uint word)
    {
        Assembler a = e.A;
        a.LoadVector(16, X0, N(word));
        a.ShiftBytes(LaneShift.Right, X0, 4);
        a.Crypto(CryptoOperation.Pxor, X0, D(word));
        a.Crypto(CryptoOperation.Movdqa, X2, X0);
        a.ShiftBytes(LaneShift.Left, X2, 12);
        RotateLeft(a, X0, X1, 1);
        RotateLeft(a, X2, X1, 2);
        a.Crypto(CryptoOperation.Pxor, X0, X2);
        a.StoreVector(16, D(word), X0);
    }

    private static void RotateLeft(Assembler a, VectorRegister r, VectorRegister scratch, byte count)
    {
        a.Crypto(CryptoOperation.Movdqa, scratch, r);
        a.ShiftLanes(LaneShift.Left, r, count);
        a.ShiftLanes(LaneShift.Right, scratch, (byte)(32 - count));
        a.Crypto(CryptoOperation.Por, r, scratch);
    }

    /// <summary>Two times two rounds, on the host's halves of the state: f, e, b, a and h, g, d, c. H2 (bit 12) gives e..h and has them first.</summary>
    private static void Rounds256(UnitEmitter e, uint word)
    {
        bool second = (word >> 12 & 1) != 0;
        Memory abcd = second ? N(word) : D(word), efgh = second ? D(word) : N(word);
        Assembler a = e.A;
        a.LoadVector(16, X1, efgh);
        a.Crypto(CryptoOperation.Movdqa, X2, X1);
        a.LoadVector(16, X3, abcd);
        a.Crypto(CryptoOperationWithConstant.Shufps, X1, X3, LowerReversed);
        a.Crypto(CryptoOperationWithConstant.Shufps, X2, X3, UpperReversed);
        a.LoadVector(16, X0, M(word));
        a.Crypto(CryptoOperation.Sha256rnds2, X2, X1);
        a.Crypto(CryptoOperationWithConstant.Pshufd, X0, X0, 0b11_10_11_10);
        a.Crypto(CryptoOperation.Sha256rnds2, X1, X2);
        // Now X1 has the new f, e, b, a; and X2, which had them two rounds ago, h, g, d, c.
        a.Crypto(CryptoOperationWithConstant.Shufps, X1, X2, second ? LowerReversed : UpperReversed);
        a.StoreVector(16, D(word), X1);
    }

    /// <summary>w[t-16] + sigma0(w[t-15]), of four words: the host has the same.</summary>
    private static void Schedule256First(UnitEmitter e, uint word)
    {
        Assembler a = e.A;
        a.LoadVector(16, X0, D(word));
        a.LoadVector(16, X1, N(word));
        a.Crypto(CryptoOperation.Sha256msg1, X0, X1);
        a.StoreVector(16, D(word), X0);
    }

    /// <summary>Adds w[t-7] and sigma1(w[t-2]): the host has the latter.</summary>
    private static void Schedule256Second(UnitEmitter e, uint word)
    {
        Assembler a = e.A;
        a.LoadVector(16, X1, M(word));
        a.Crypto(CryptoOperation.Movdqa, X0, X1);
        a.LoadVector(16, X2, N(word));
        a.Crypto(CryptoOperationWithConstant.Palignr, X0, X2, 4);
        a.Crypto(CryptoOperation.Paddd, X0, D(word));
        a.Crypto(CryptoOperation.Sha256msg2, X0, X1);
        a.StoreVector(16, D(word), X0);
    }
}
