namespace Meanwhile.Arm64.Translator.FloatingPoint;

/// <summary>Which zero results of an operation are exact, so that no flag belongs to them: as HostArithmetic argues for each.</summary>
internal enum ExactZeros
{
    /// <summary>All: sums, differences, and roots.</summary>
    All,

    /// <summary>With a zero factor, in XMM1 or XMM2: products, and sums of a product and an addend.</summary>
    OfZeroFactor,

    /// <summary>With a zero operand, in XMM1: quotients and conversions.</summary>
    OfZeroOperand,
}
