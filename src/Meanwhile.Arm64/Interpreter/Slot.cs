namespace Meanwhile.Arm64.Interpreter;

/// <summary>What register number 31 means, resolved once at bind time into a slot of <see cref="CpuState.X"/>.</summary>
internal static class Slot
{
    /// <summary>A source in the field whose lowest bit is <paramref name="low"/>: 31 is XZR.</summary>
    public static byte Source(uint word, int low)
    {
        uint register = (word >> low) & 31;
        return (byte)(register == 31 ? CpuState.Zr : register);
    }

    /// <summary>A destination in the field whose lowest bit is <paramref name="low"/>: 31 is XZR, whose writes are lost.</summary>
    public static byte Destination(uint word, int low)
    {
        uint register = (word >> low) & 31;
        return (byte)(register == 31 ? CpuState.Sink : register);
    }

    /// <summary>A source or destination in the field whose lowest bit is <paramref name="low"/>: 31 is the current stack pointer.</summary>
    public static byte OrSp(uint word, int low) => (byte)((word >> low) & 31);
}
