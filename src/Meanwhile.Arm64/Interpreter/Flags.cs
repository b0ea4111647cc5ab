using System.Runtime.CompilerServices;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>NZCV in the form of <see cref="CpuState.Nzcv"/>: bits 31..28.</summary>
internal static class Flags
{
    public const uint N = 1u << 31, Z = 1u << 30, C = 1u << 29, V = 1u << 28;

    private const int CarryBit = 29, OverflowBit = 28;

    /// <summary>Of a logical result: C and V are clear.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint OfResult(ulong r) => ((uint)(r >> 32) & N) | (r == 0 ? Z : 0);

    /// <summary>Of a 32-bit logical result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint OfResult(uint r) => (r & N) | (r == 0 ? Z : 0);

    /// <summary>Of a + b + carry in with the sum <paramref name="r"/> and the carry out <paramref name="carry"/> (0 or 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint OfSum(ulong a, ulong b, ulong r, uint carry) =>
        OfResult(r) | (carry << CarryBit) | ((uint)(((a ^ r) & (b ^ r)) >> 63) << OverflowBit);

    /// <inheritdoc cref="OfSum(ulong, ulong, ulong, uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint OfSum(uint a, uint b, uint r, uint carry) =>
        OfResult(r) | (carry << CarryBit) | ((((a ^ r) & (b ^ r)) >> 31) << OverflowBit);
}
