using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <summary>AES (FEAT_AES). None of it touches the host's flags.</summary>
internal static unsafe class AesRounds
{
    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Aes)
            return;
        lines.Add(CryptographicEncodings.AESE, Traits.KeepsHostFlags, &Encrypt);
        lines.Add(CryptographicEncodings.AESD, Traits.KeepsHostFlags, &Decrypt);
        lines.Add(CryptographicEncodings.AESMC, Traits.KeepsHostFlags, &MixColumns);
        lines.Add(CryptographicEncodings.AESIMC, Traits.KeepsHostFlags, &InverseMixColumns);
    }

    private static int D(uint word) => (int)(word & 31);

    private static int N(uint word) => (int)(word >> 5 & 31);

    /// <summary>
    /// AddRoundKey, ShiftRows and SubBytes are the host's last round with a zero key; with MixColumns after them, as nine of ten times, its full round.
    /// </summary>
    private static void Encrypt(UnitEmitter e, uint word)
    {
        int d = D(word);
        bool mixes = e.TryNext(out uint next) && CryptographicEncodings.AESMC.Matches(next) && D(next) == d && N(next) == d;
        Round(e, d, N(word), mixes ? CryptoOperation.Aesenc : CryptoOperation.Aesenclast);
        if (mixes)
            e.FuseNext();
    }

    private static void Decrypt(UnitEmitter e, uint word) => Round(e, D(word), N(word), CryptoOperation.Aesdeclast);

    private static void Round(UnitEmitter e, int d, int key, CryptoOperation round)
    {
        Assembler a = e.A;
        a.LoadVector(16, VectorRegister.Xmm0, Vector(d));
        a.Crypto(CryptoOperation.Pxor, VectorRegister.Xmm0, Vector(key));
        a.Crypto(CryptoOperation.Pxor, VectorRegister.Xmm1, VectorRegister.Xmm1);
        a.Crypto(round, VectorRegister.Xmm0, VectorRegister.Xmm1);
        a.StoreVector(16, Vector(d), VectorRegister.Xmm0);
    }

    /// <summary>A full round of what the other steps were undone of.</summary>
    private static void MixColumns(UnitEmitter e, uint word)
    {
        if (e.IsFused)
            return;
        Assembler a = e.A;
        a.LoadVector(16, VectorRegister.Xmm0, Vector(N(word)));
        a.Crypto(CryptoOperation.Pxor, VectorRegister.Xmm1, VectorRegister.Xmm1);
        a.Crypto(CryptoOperation.Aesdeclast, VectorRegister.Xmm0, VectorRegister.Xmm1);
        a.Crypto(CryptoOperation.Aesenc, VectorRegister.Xmm0, VectorRegister.Xmm1);
        a.StoreVector(16, Vector(D(word)), VectorRegister.Xmm0);
    }

    private static void InverseMixColumns(UnitEmitter e, uint word)
    {
        e.A.Crypto(CryptoOperation.Aesimc, VectorRegister.Xmm0, Vector(N(word)));
        e.A.StoreVector(16, Vector(D(word)), VectorRegister.Xmm0);
    }
}
