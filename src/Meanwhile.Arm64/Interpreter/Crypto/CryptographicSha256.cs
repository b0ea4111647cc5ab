using System.Numerics;
using System.Runtime.Intrinsics;
using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Interpreter.Simd;

namespace Meanwhile.Arm64.Interpreter.Crypto;

/// <summary>SHA256H, SHA256H2, SHA256SU0, SHA256SU1 (FEAT_SHA256; FIPS 180-4 section 6.2).</summary>
internal static unsafe class CryptographicSha256
{
    public static void Register(Binders b)
    {
        b.Add(CryptographicEncodings.SHA256H, &BindHash);
        b.Add(CryptographicEncodings.SHA256H2, &BindHash2);
        b.Add(CryptographicEncodings.SHA256SU0, &BindSchedule0);
        b.Add(CryptographicEncodings.SHA256SU1, &BindSchedule1);
    }

    private static void BindHash(Insn* i)
    {
        Operands.Registers(i);
        i->Handler = &Hash;
    }

    private static void BindHash2(Insn* i)
    {
        Operands.Registers(i);
        i->Handler = &Hash2;
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

    // The destination holds a..d, the first source e..h.
    private static int Hash(CpuState* s, Insn* i)
    {
        Vector128<uint> abcd = Full.Load<uint>(s, i->D), efgh = Full.Load<uint>(s, i->N);
        Rounds(ref abcd, ref efgh, Full.Load<uint>(s, i->M));
        Full.Store(s, i->D, abcd);
        return Status.Next;
    }

    // The destination holds e..h, the first source a..d.
    private static int Hash2(CpuState* s, Insn* i)
    {
        Vector128<uint> efgh = Full.Load<uint>(s, i->D), abcd = Full.Load<uint>(s, i->N);
        Rounds(ref abcd, ref efgh, Full.Load<uint>(s, i->M));
        Full.Store(s, i->D, efgh);
        return Status.Next;
    }

    // Four rounds of section 6.2.2 step 3; words are the schedule plus constants.
    private static void Rounds(ref Vector128<uint> abcd, ref Vector128<uint> efgh, Vector128<uint> words)
    {
        uint a = abcd.GetElement(0), b = abcd.GetElement(1), c = abcd.GetElement(2), d = abcd.GetElement(3);
        uint e = efgh.GetElement(0), f = efgh.GetElement(1), g = efgh.GetElement(2), h = efgh.GetElement(3);
        for (int round = 0; round < 4; round++)
        {
            uint sum1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
            uint t1 = h + sum1 + (g ^ (e & (f ^ g))) + words.GetElement(round);
            uint sum0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
            uint t2 = sum0 + ((a & b) | ((a | b) & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
        }
        abcd = Vector128.Create(a, b, c, d);
        efgh = Vector128.Create(e, f, g, h);
    }

    // w[t-16] + sigma0(w[t-15]), of four words.
    private static int Schedule0(CpuState* s, Insn* i)
    {
        Vector128<uint> d = Full.Load<uint>(s, i->D);
        Vector128<uint> next = Vector128.Create(d.GetElement(1), d.GetElement(2), d.GetElement(3), Full.Load<uint>(s, i->N).ToScalar());
        Vector128<uint> sigma0 = ((next >>> 7) | (next << 25)) ^ ((next >>> 18) | (next << 14)) ^ (next >>> 3);
        Full.Store(s, i->D, d + sigma0);
        return Status.Next;
    }

    // Adds w[t-7] and sigma1(w[t-2]); the last two words need the first two of the result.
    private static int Schedule1(CpuState* s, Insn* i)
    {
        Vector128<uint> n = Full.Load<uint>(s, i->N), m = Full.Load<uint>(s, i->M);
        Vector128<uint> sum = Full.Load<uint>(s, i->D) + Vector128.Create(n.GetElement(1), n.GetElement(2), n.GetElement(3), m.ToScalar());
        uint w0 = sum.GetElement(0) + Sigma1(m.GetElement(2)), w1 = sum.GetElement(1) + Sigma1(m.GetElement(3));
        Full.Store(s, i->D, Vector128.Create(w0, w1, sum.GetElement(2) + Sigma1(w0), sum.GetElement(3) + Sigma1(w1)));
        return Status.Next;
    }

    private static uint Sigma1(uint x) => BitOperations.RotateRight(x, 17) ^ BitOperations.RotateRight(x, 19) ^ (x >> 10);
}
