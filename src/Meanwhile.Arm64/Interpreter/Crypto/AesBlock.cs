using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Meanwhile.Arm64.Interpreter.Crypto;

/// <summary>The steps of AES on a block (FIPS 197 section 5), with the host's instructions or, where it has none, without.</summary>
/// <remarks>
/// The host's round instructions do whole rounds: with a zero round key, "last round" is ShiftRows and SubBytes, and MixColumns comes out of
/// a full round whose other steps were undone before it.
/// </remarks>
internal static class AesBlock
{
    // FIPS 197 figure 7, made from its definition: the inverse in GF(2^8), then the affine transformation (section 5.1.1).
    private static readonly byte[] SBox = MakeSBox();

    private static readonly byte[] InverseSBox = Invert(SBox);

    /// <summary>SubBytes(ShiftRows(<paramref name="state"/>)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Encrypt(Vector128<byte> state)
        => Aes.IsSupported ? Aes.EncryptLast(state, Vector128<byte>.Zero) : PortableEncrypt(state);

    /// <summary>InvSubBytes(InvShiftRows(<paramref name="state"/>)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Decrypt(Vector128<byte> state)
        => Aes.IsSupported ? Aes.DecryptLast(state, Vector128<byte>.Zero) : PortableDecrypt(state);

    /// <summary>MixColumns(<paramref name="state"/>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MixColumns(Vector128<byte> state)
        => Aes.IsSupported
            ? Aes.Encrypt(Aes.DecryptLast(state, Vector128<byte>.Zero), Vector128<byte>.Zero)
            : PortableMixColumns(state);

    /// <summary>InvMixColumns(<paramref name="state"/>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> InverseMixColumns(Vector128<byte> state)
        => Aes.IsSupported ? Aes.InverseMixColumns(state) : PortableInverseMixColumns(state);

    internal static Vector128<byte> PortableEncrypt(Vector128<byte> state)
        => Substitute(
            Vector128.Shuffle(state, Vector128.Create((byte)0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11)),
            SBox);

    internal static Vector128<byte> PortableDecrypt(Vector128<byte> state)
        => Substitute(
            Vector128.Shuffle(state, Vector128.Create((byte)0, 13, 10, 7, 4, 1, 14, 11, 8, 5, 2, 15, 12, 9, 6, 3)),
            InverseSBox);

    // Section 5.1.3: each column times {03}x^3 + {01}x^2 + {01}x + {02}.
    internal static Vector128<byte> PortableMixColumns(Vector128<byte> state)
    {
        Vector128<byte> next = NextRow(state), afterNext = NextRow(next);
        return Double(state) ^ Double(next) ^ next ^ afterNext ^ NextRow(afterNext);
    }

    // Section 5.3.3: {0b}x^3 + {0d}x^2 + {09}x + {0e} is the polynomial above times {04}x^2 + {05}.
    internal static Vector128<byte> PortableInverseMixColumns(Vector128<byte> state)
    {
        Vector128<byte> four = Double(Double(state));
        return PortableMixColumns(state ^ four ^ NextRow(NextRow(four)));
    }

    // Byte r of each column becomes byte r + 1 of it.
    private static Vector128<byte> NextRow(Vector128<byte> state)
        => Vector128.Shuffle(state, Vector128.Create((byte)1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12));

    // Section 4.2.1: xtime, modulo x^8 + x^4 + x^3 + x + 1.
    private static Vector128<byte> Double(Vector128<byte> state)
        => (state << 1) ^ ((state.AsSByte() >> 7).AsByte() & Vector128.Create((byte)0x1B));

    private static Vector128<byte> Substitute(Vector128<byte> state, byte[] box)
    {
        for (int k = 0; k < 16; k++)
            state = state.WithElement(k, box[state.GetElement(k)]);
        return state;
    }

    private static byte[] MakeSBox()
    {
        var box = new byte[256];
        // p runs through the powers of {03}, a generator; q through those of its inverse {f6}.
        byte p = 1, q = 1;
        do
        {
            p = (byte)(p ^ (p << 1) ^ ((p & 0x80) != 0 ? 0x1B : 0));
            q ^= (byte)(q << 1);
            q ^= (byte)(q << 2);
            q ^= (byte)(q << 4);
            if ((q & 0x80) != 0)
                q ^= 0x09;
            box[p] = Affine(q);
        }
        while (p != 1);
        box[0] = Affine(0);
        return box;
    }

    private static byte Affine(byte b)
        => (byte)(b ^ byte.RotateLeft(b, 1) ^ byte.RotateLeft(b, 2) ^ byte.RotateLeft(b, 3) ^ byte.RotateLeft(b, 4) ^ 0x63);

    private static byte[] Invert(byte[] box)
    {
        var inverse = new byte[256];
        for (int k = 0; k < 256; k++)
            inverse[box[k]] = (byte)k;
        return inverse;
    }
}
