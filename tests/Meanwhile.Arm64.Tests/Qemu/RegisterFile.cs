using System.Runtime.InteropServices;

namespace Meanwhile.Arm64.Tests.Qemu;

/// <summary>The registers that data processing reads and writes, as they lie in the guest program's memory.</summary>
[StructLayout(LayoutKind.Sequential, Size = RegisterFile.Stride)]
public unsafe struct RegisterFile
{
    public const int Stride = 832;
    public const int SpOffset = 248, NzcvOffset = 256, FpcrOffset = 264, FpsrOffset = 272, VOffset = 288;

    public fixed ulong X[31];
    public ulong Sp, Nzcv, Fpcr, Fpsr, Unused;
    public fixed ulong V[64];

    public static RegisterFile Random(Random random)
    {
        RegisterFile r = default;
        for (int n = 0; n < 31; n++)
            r.X[n] = Values.Integer(random);
        for (int n = 0; n < 64; n++)
            r.V[n] = Values.Lanes(random);
        r.Sp = Values.Integer(random);
        r.Nzcv = (ulong)random.Next(16) << 28;
        // AHP, DN, FZ, RMode.
        r.Fpcr = random.Next(3) == 0 ? (ulong)random.Next(32) << 22 : 0;
        return r;
    }

    public readonly void CopyTo(CpuState* s)
    {
        for (int n = 0; n < 31; n++)
            s->X[n] = X[n];
        for (int n = 0; n < 64; n++)
            s->V[n] = V[n];
        s->X[CpuState.Sp] = Sp;
        s->Nzcv = (uint)Nzcv;
        s->Fpcr = (uint)Fpcr;
        s->Fpsr = (uint)Fpsr;
    }

    public static RegisterFile From(CpuState* s)
    {
        RegisterFile r = default;
        for (int n = 0; n < 31; n++)
            r.X[n] = s->X[n];
        for (int n = 0; n < 64; n++)
            r.V[n] = s->V[n];
        r.Sp = s->X[CpuState.Sp];
        r.Nzcv = s->Nzcv;
        r.Fpcr = s->Fpcr;
        r.Fpsr = s->Fpsr;
        return r;
    }

    /// <summary>A line for each register in which <paramref name="actual"/> differs from <paramref name="expected"/>.</summary>
    public static List<string> Differences(RegisterFile before, RegisterFile expected, RegisterFile actual)
    {
        List<string> lines = [];
        for (int n = 0; n < 31; n++)
            Compare($"X{n}", before.X[n], expected.X[n], actual.X[n]);
        for (int n = 0; n < 64; n++)
            Compare($"V{n / 2}.D[{n % 2}]", before.V[n], expected.V[n], actual.V[n]);
        Compare("SP", before.Sp, expected.Sp, actual.Sp);
        Compare("NZCV", before.Nzcv, expected.Nzcv, actual.Nzcv);
        Compare("FPSR", before.Fpsr, expected.Fpsr, actual.Fpsr);
        return lines;

        void Compare(string name, ulong old, ulong right, ulong ours)
        {
            if (right != ours)
                lines.Add($"  {name}: before {old:X16}, qemu {right:X16}, ours {ours:X16}");
        }
    }

    public readonly string Describe(uint word)
    {
        uint n = (word >> 5) & 31, m = (word >> 16) & 31, a = (word >> 10) & 31, d = word & 31;
        string text = $"  NZCV {Nzcv >> 28:b4}, FPCR {Fpcr:X8}, SP {Sp:X16}";
        foreach (uint register in new[] { d, n, m, a }.Distinct())
        {
            string x = register == 31 ? "" : $"X{register} {X[(int)register]:X16}  ";
            text += $"\n  {x}V{register} {V[2 * (int)register + 1]:X16}_{V[2 * (int)register]:X16}";
        }
        return text;
    }
}
