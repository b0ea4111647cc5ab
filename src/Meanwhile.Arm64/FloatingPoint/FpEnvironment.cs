using System.Runtime.CompilerServices;

namespace Meanwhile.Arm64.FloatingPoint;

/// <summary>
/// How an inexact value is rounded. The first four are FPCR.RMode's values (DDI0487 C5.2.8), the others belong to instructions.
/// </summary>
internal enum Rounding
{
    /// <summary>To nearest, ties to even.</summary>
    TieEven = 0,

    /// <summary>Towards plus infinity.</summary>
    PositiveInfinity = 1,

    /// <summary>Towards minus infinity.</summary>
    NegativeInfinity = 2,

    /// <summary>Towards zero.</summary>
    Zero = 3,

    /// <summary>To nearest, ties away from zero (FCVTA*, FRINTA).</summary>
    TieAway = 4,

    /// <summary>Inexact results get an odd last bit (FCVTXN), so that a later rounding is not a double one.</summary>
    Odd = 5,
}

/// <summary>Cumulative exception flags, at their places in FPSR (DDI0487 C5.2.9).</summary>
internal static class FpException
{
    public const uint InvalidOperation = 1 << 0;
    public const uint DivideByZero = 1 << 1;
    public const uint Overflow = 1 << 2;
    public const uint Underflow = 1 << 3;
    public const uint Inexact = 1 << 4;
    public const uint InputDenormal = 1 << 7;
}

/// <summary>FPCR and FPSR while one instruction executes. Traps are not implemented: an exception only sets its cumulative flag.</summary>
internal struct FpEnvironment(uint control, uint status)
{
    private const uint RoundingModeBits = 3u << 22;
    private const uint FlushBit = 1u << 24;
    private const uint DefaultNaNBit = 1u << 25;
    private const uint AlternativeHalfBit = 1u << 26;

    private readonly uint control = control;

    /// <summary>FPSR, to be written back after the instruction.</summary>
    public uint Status = status;

    /// <summary>FPCR.RMode.</summary>
    public readonly Rounding Rounding => (Rounding)((control & RoundingModeBits) >> 22);

    /// <summary>FPCR.FZ: denormal inputs and results of single and double precision become zero.</summary>
    public readonly bool FlushToZero => (control & FlushBit) != 0;

    /// <summary>FPCR.DN: every NaN result is the default one.</summary>
    public readonly bool DefaultNaN => (control & DefaultNaNBit) != 0;

    /// <summary>FPCR.AHP: half precision has no infinities or NaNs, and one more binade.</summary>
    public readonly bool AlternativeHalf => (control & AlternativeHalfBit) != 0;

    /// <summary>True when the host's arithmetic gives this environment's results: round to nearest even, denormals kept.</summary>
    public readonly bool IsHostLike => (control & (RoundingModeBits | FlushBit)) == 0;

    /// <summary>True when FPSR.IXC is set already, so that nobody can tell whether a further operation was inexact.</summary>
    public readonly bool InexactIsSet => (Status & FpException.Inexact) != 0;

    /// <summary>Sets cumulative flags (FPProcessException).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Raise(uint exceptions) => Status |= exceptions;
}
