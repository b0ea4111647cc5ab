using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator.FloatingPoint;

/// <summary>Constants of floating-point code, 16 bytes each, in reach of all units.</summary>
internal sealed class FloatConstants
{
    private const int Count = 11;
    private readonly nint start;

    /// <summary>Emits them.</summary>
    public FloatConstants(Assembler a)
    {
        a.Align(16);
        start = a.Address;
        foreach (ulong pattern in (ReadOnlySpan<ulong>)
            [
                Both(0x8000_0000), 1UL << 63,
                Both(0x0100_0000), 0x0020_0000_0000_0000,
                Both(0x7E00_0000), 0x7FC0_0000_0000_0000,
                Both(0x8000_0000),
                Both(0x3EFF_FFFF), 0x3FDF_FFFF_FFFF_FFFF,
            ])
        {
            a.Data(pattern);
            a.Data(pattern);
        }
        foreach (ulong pattern in (ReadOnlySpan<ulong>)[0x8000_0000, 1UL << 63])
        {
            a.Data(pattern);
            a.Data(0);
        }
        System.Diagnostics.Debug.Assert(a.Address == start + (Count * 16), "As many as the properties below count.");

        static ulong Both(ulong single) => single | single << 32;
    }

    /// <summary>The sign of each element; for scalars, of the lowest alone.</summary>
    public nint Sign(FloatForm form) => At((form.IsScalar ? 9 : 0) + (form.IsDouble ? 1 : 0));

    /// <summary>2 in the place of each element's exponent.</summary>
    public nint OrdinaryBias(FloatForm form) => At(form.IsDouble ? 3 : 2);

    /// <summary>All bits of each element's exponent but the lowest two.</summary>
    public nint OrdinaryMask(FloatForm form) => At(form.IsDouble ? 5 : 4);

    /// <summary>The smallest 32-bit integer in each element: what a conversion gives that has no result.</summary>
    public nint IntegerIndefinite => At(6);

    /// <summary>The largest number below a half.</summary>
    public nint BelowHalf(FloatForm form) => At(form.IsDouble ? 8 : 7);

    private nint At(int index) => start + (index * 16);
}
