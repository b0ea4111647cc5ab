namespace Meanwhile.Arm64.Tests;

/// <summary>
/// Executes one instruction whose sources are v1, v2 and v3 and whose destination is v0, all bits of which are set before.
/// </summary>
internal static unsafe class FloatingPointInstruction
{
    public const uint InvalidOperation = 1, DivideByZero = 2, Overflow = 4, Underflow = 8, Inexact = 16, InputDenormal = 128;

    public const uint TowardsPlus = 1u << 22, TowardsMinus = 2u << 22, TowardsZero = 3u << 22;
    public const uint FlushToZero = 1u << 24, DefaultNaN = 1u << 25, AlternativeHalf = 1u << 26;

    /// <summary>The low half of v0, and FPSR.</summary>
    public static (ulong Result, uint Fpsr) Run(uint word, ulong v1, ulong v2 = 0, ulong v3 = 0, uint fpcr = 0, uint fpsr = 0)
    {
        ((ulong low, _), _, uint flags) = RunFull(word, (v1, 0), (v2, 0), (v3, 0), 0, fpcr, fpsr);
        return (low, flags);
    }

    /// <summary>v0, x0 and FPSR.</summary>
    public static ((ulong Low, ulong High) V0, ulong X0, uint Fpsr) RunFull(
        uint word,
        (ulong Low, ulong High) v1,
        (ulong Low, ulong High) v2 = default,
        (ulong Low, ulong High) v3 = default,
        ulong x1 = 0,
        uint fpcr = 0,
        uint fpsr = 0)
    {
        using var m = new TestMachine();
        m.SetV(0, ulong.MaxValue, ulong.MaxValue);
        m.SetV(1, v1.Low, v1.High);
        m.SetV(2, v2.Low, v2.High);
        m.SetV(3, v3.Low, v3.High);
        m.X[0] = ulong.MaxValue;
        m.X[1] = x1;
        m.State->Fpcr = fpcr;
        m.State->Fpsr = fpsr;
        m.Run(word);
        return (m.V(0), m.X[0], m.State->Fpsr);
    }

    public static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    public static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);
}
