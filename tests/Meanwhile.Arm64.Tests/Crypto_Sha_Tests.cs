using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Meanwhile.Arm64.Tests;

/// <summary>Whole hashes with the SHA1 and SHA256 instructions. Expected values: the "abc" examples of FIPS 180-4 (NIST, SHA examples).</summary>
public sealed class Crypto_Sha_Tests : IDisposable
{
    private const int State0 = 0, State1 = 1, Saved = 2, Constants = 3, Words = 4, Sum = 8;

    private readonly TestMachine machine = new();

    public Crypto_Sha_Tests()
    {
        // FIPS 180-4 section 5.1.1: "abc", a one bit, zeroes, the length in bits.
        var block = new byte[64];
        Encoding.ASCII.GetBytes("abc").CopyTo(block, 0);
        block[3] = 0x80;
        block[63] = 24;
        for (int n = 0; n < 4; n++)
            Set(Words + n, [.. Enumerable.Range(4 * n, 4).Select(w => BinaryPrimitives.ReadUInt32BigEndian(block.AsSpan(4 * w)))]);
    }

    public void Dispose() => machine.Dispose();

    [Fact]
    public void SHA1_of_abc()
    {
        uint[] abcd = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476];
        const uint E = 0xC3D2E1F0;
        uint[] constants = [0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6];
        const uint Sha1C = 0x5E00_0000, Sha1P = 0x5E00_1000, Sha1M = 0x5E00_2000;
        uint[] rounds = [Sha1C, Sha1P, Sha1M, Sha1P];
        Set(State0, abcd);
        Set(State1, [E, 0, 0, 0]);
        for (int n = 0; n < 20; n++)
        {
            int w0 = Words + n % 4, w1 = Words + (n + 1) % 4, w2 = Words + (n + 2) % 4, w3 = Words + (n + 3) % 4;
            uint constant = constants[n / 5];
            Set(Constants, [constant, constant, constant, constant]);
            machine.Run(
                Registers(0x4EA0_8400, Sum, w0, Constants), // add v8.4s, w0, v3.4s
                Registers(0x5E28_0800, Saved, State0, 0), // sha1h s2, s0
                Registers(rounds[n / 5], State0, State1, Sum), // sha1c q0, s1, v8.4s and so on
                Registers(0x4EA0_1C00, State1, Saved, Saved), // mov v1.16b, v2.16b
                Registers(0x5E00_3000, w0, w1, w2), // sha1su0 w0, w1, w2
                Registers(0x5E28_1800, w0, w3, 0)); // sha1su1 w0, w3
        }
        uint[] digest = [.. Get(State0).Zip(abcd, (x, y) => x + y), Get(State1)[0] + E];
        Assert.Equal([0xA9993E36, 0x4706816A, 0xBA3E2571, 0x7850C26C, 0x9CD0D89D], digest);
    }

    [Fact]
    public void SHA256_of_abc()
    {
        uint[] abcd = [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A], efgh = [0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19];
        uint[] constants = [.. Primes().Take(64).Select(CubeRootFraction)];
        Set(State0, abcd);
        Set(State1, efgh);
        for (int n = 0; n < 16; n++)
        {
            int w0 = Words + n % 4, w1 = Words + (n + 1) % 4, w2 = Words + (n + 2) % 4, w3 = Words + (n + 3) % 4;
            Set(Constants, constants[(4 * n)..(4 * n + 4)]);
            machine.Run(
                Registers(0x4EA0_8400, Sum, w0, Constants), // add v8.4s, w0, v3.4s
                Registers(0x4EA0_1C00, Saved, State0, State0), // mov v2.16b, v0.16b
                Registers(0x5E00_4000, State0, State1, Sum), // sha256h q0, q1, v8.4s
                Registers(0x5E00_5000, State1, Saved, Sum), // sha256h2 q1, q2, v8.4s
                Registers(0x5E28_2800, w0, w1, 0), // sha256su0 w0, w1
                Registers(0x5E00_6000, w0, w2, w3)); // sha256su1 w0, w2, w3
        }
        uint[] digest = [.. Get(State0).Zip(abcd, (x, y) => x + y), .. Get(State1).Zip(efgh, (x, y) => x + y)];
        Assert.Equal([0xBA7816BF, 0x8F01CFEA, 0x414140DE, 0x5DAE2223, 0xB00361A3, 0x96177A9C, 0xB410FF61, 0xF20015AD], digest);
    }

    private static uint Registers(uint word, int d, int n, int m) => word | (uint)(m << 16) | (uint)(n << 5) | (uint)d;

    private static IEnumerable<uint> Primes()
    {
        for (uint candidate = 2; ; candidate++)
        {
            if (Enumerable.Range(2, (int)candidate - 2).All(divisor => candidate % divisor != 0))
                yield return candidate;
        }
    }

    /// <summary>FIPS 180-4 section 4.2.2: the first 32 bits of the fractional part of the cube root.</summary>
    private static uint CubeRootFraction(uint prime)
    {
        BigInteger root = 0;
        for (int bit = 35; bit >= 0; bit--)
        {
            BigInteger larger = root | (BigInteger.One << bit);
            if (larger * larger * larger <= (BigInteger)prime << 96)
                root = larger;
        }
        return (uint)(root & uint.MaxValue);
    }

    private void Set(int register, uint[] words)
        => machine.SetV(register, words[0] | (ulong)words[1] << 32, words[2] | (ulong)words[3] << 32);

    private uint[] Get(int register)
    {
        (ulong low, ulong high) = machine.V(register);
        return [(uint)low, (uint)(low >> 32), (uint)high, (uint)(high >> 32)];
    }
}
