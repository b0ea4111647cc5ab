using System.Numerics;
using System.Runtime.Intrinsics;
using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Interpreter.Simd;

namespace Meanwhile.Arm64.Interpreter.Crypto;

/// <summary>SHA1C, SHA1P, SHA1M, SHA1H, SHA1SU0, SHA1SU1 (FEAT_SHA1; FIPS 180-4 section 6.1).</summary>
internal static unsafe class CryptographicSha1
{
    /// <summary>The logical function of four rounds (FIPS 180-4 section 4.1.1).</summary>
    private interface IRound
    {
        static abstract uint F(uint x, uint y, uint z);
    }

    public static void Register(Binders b)
    {
        b.Add(CryptographicEncodings.SHA1C, &BindRounds<Choose>);
        b.Add(CryptographicEncodings.SHA1P, &BindRounds<Parity>);
        b.Add(CryptographicEncodings.SHA1M, &BindRounds<Majority>);
        b.Add(CryptographicEncodings.SHA1H, &BindFixedRotate);
        b.Add(CryptographicEncodings.SHA1SU0, &BindSchedule0);
        b.Add(CryptographicEncodings.SHA1SU1, &BindSchedule1);
    }

    private static void BindRounds<TRound>(Insn* i)
        where TRound : struct, IRound
    {
        Operands.Registers(i);
        i->Handler = &Rounds<TRound>;
    }

    private static void BindFixedRotate(Insn* i)
    {
        Operands.Registers(i);
        i->Handler = &FixedRotate;
    }

    private static void BindSchedule0(Insn* i)
    {
        Operands.Registers(i);
        i->Handler = &Schedule0;
    }

    private static void BindSchedule1(Insn* i)
    {
        Operands.Registers(i);
        i->Handler = &Schedule1;
    }

    // Four rounds: a..d in the destination, e in the first source, the schedule plus constant in the second.
    private static int Rounds<TRound>(CpuState* s, Insn* i)
        where TRound : struct, IRound
    {
        Vector128<uint> state = Full.Load<uint>(s, i->D), words = Full.Load<uint>(s, i->M);
        uint a = state.GetElement(0), b = state.GetElement(1), c = state.GetElement(2), d = state.GetElement(3);
        uint e = Full.Load<uint>(s, i->N).ToScalar();
        for (int round = 0; round < 4; round++)
        {
            uint next = BitOperations.RotateLeft(a, 5) + TRound.F(b, c, d) + e + words.GetElement(round);
            (e, d, c, b, a) = (d, c, BitOperations.RotateLeft(b, 30), a, next);
        }
        Full.Store(s, i->D, Vector128.Create(a, b, c, d));
        return Status.Next;
    }

    private static int FixedRotate(CpuState* s, Insn* i)
    {
        uint rotated = BitOperations.RotateLeft(Full.Load<uint>(s, i->N).ToScalar(), 30);
        Full.Store(s, i->D, Vector128.CreateScalar(rotated));
        return Status.Next;
    }

    // w[t-16] ^ w[t-14] ^ w[t-8], of four words.
    private static int Schedule0(CpuState* s, Insn* i)
    {
        Vector128<ulong> d = Full.Load<ulong>(s, i->D);
        Vector128<ulong> middle = Vector128.Create(d.GetElement(1), Full.Load<ulong>(s, i->N).ToScalar());
        Full.Store(s, i->D, d ^ middle ^ Full.Load<ulong>(s, i->M));
        return Status.Next;
    }

    // Adds w[t-3] and rotates; the last word needs the first of the result.
    private static int Schedule1(CpuState* s, Insn* i)
    {
        Vector128<uint> n = Full.Load<uint>(s, i->N);
        Vector128<uint> sum = Full.Load<uint>(s, i->D) ^ Vector128.Create(n.GetElement(1), n.GetElement(2), n.GetElement(3), 0);
        Vector128<uint> result = (sum << 1) | (sum >>> 31);
        Full.Store(s, i->D, result.WithElement(3, result.GetElement(3) ^ BitOperations.RotateLeft(sum.ToScalar(), 2)));
        return Status.Next;
    }

    private readonly struct Choose : IRound
    {
        public static uint F(uint x, uint y, uint z) => z ^ (x & (y ^ z));
    }

    private readonly struct Parity : IRound
    {
        public static uint F(uint x, uint y, uint z) => x ^ y ^ z;
    }

    private readonly struct Majority : IRound
    {
        public static uint F(uint x, uint y, uint z) => (x & y) | ((x | y) & z);
    }
}
