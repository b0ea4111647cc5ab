namespace Meanwhile.Arm64.Tests;

/// <summary>
/// The registers that every Advanced SIMD test starts from, and what it compares. The lanes are the ends of their ranges, their
/// neighbours, shift amounts of both signs (V3) and table indices (V4).
/// </summary>
public sealed class SimdRegisters : IDisposable
{
    private const uint QC = 1u << 27;

    private static readonly (ulong Low, ulong High)[] V =
    [
        (0x8000_0000_1234_5678, 0x7fff_ffff_00ff_7fff),
        (0x80ff_017f_40c0_7f80, 0x8000_0000_8000_7fff),
        (0x807f_01fe_05f3_8180, 0x8000_0000_7fff_8001),
        (0x0102_f0ff_1007_fd03, 0x0000_0000_ffff_ffc1),
        (0x1e04_10ff_0020_310f, 0x2f11_1200_1380_0001),
    ];

    private readonly TestMachine machine = new();

    public void Dispose() => machine.Dispose();

    /// <summary>Executes one instruction, whose assembler source is there for the reader; compares V0 and FPSR.QC.</summary>
    public void AssertV0(string source, uint word, ulong low, ulong high, bool saturated)
    {
        Run(word);
        Assert.Equal((source, low, high), (source, machine.V(0).Low, machine.V(0).High));
        unsafe
        {
            Assert.Equal(saturated ? QC : 0, machine.State->Fpsr);
        }
    }

    /// <summary>As <see cref="AssertV0"/>, for an instruction that writes X0.</summary>
    public void AssertX0(string source, uint word, ulong x0)
    {
        Run(word);
        Assert.Equal((source, x0), (source, machine.X[0]));
    }

    private void Run(uint word)
    {
        for (int n = 0; n < 32; n++)
        {
            (ulong low, ulong high) = V.ElementAtOrDefault(n);
            machine.SetV(n, low, high);
        }
        machine.X[1] = 0xfedc_ba98_7654_3210;
        unsafe
        {
            machine.State->Fpsr = 0;
        }
        machine.Run(word);
        Assert.Equal(TestMachine.CodeBase + 4, machine.Pc);
    }
}
