using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator.FloatingPoint;

/// <summary>What an instruction operates on: one element or several, of single or double precision.</summary>
/// <param name="IsDouble">Double precision.</param>
/// <param name="Lanes">Elements, 1 for the scalar instructions.</param>
internal readonly record struct FloatForm(bool IsDouble, int Lanes)
{
    /// <summary>
    /// The form of an instruction word: bit 28 is scalar in all floating-point groups, bit 22 (ftype 01, or sz) double precision, and
    /// bit 30 of the others 128 bits (DDI0487 C4.1.96).
    /// </summary>
    public static FloatForm Of(uint word)
    {
        bool isDouble = (word >> 22 & 1) != 0;
        if ((word >> 28 & 1) != 0)
            return new FloatForm(isDouble, 1);
        return new FloatForm(isDouble, isDouble ? 2 : (word >> 30 & 1) != 0 ? 4 : 2);
    }

    /// <summary>One element.</summary>
    public bool IsScalar => Lanes == 1;

    /// <summary>Bytes of an element.</summary>
    public int Size => IsDouble ? 8 : 4;

    /// <summary>Bytes of a register that hold elements, 4, 8 or 16.</summary>
    public int Bytes => Size * Lanes;

    /// <summary>A bit for each element, as MOVMSKPS and MOVMSKPD number them.</summary>
    public int LaneMask => (1 << Lanes) - 1;

    /// <summary>All elements of a 128-bit register.</summary>
    public bool IsFull => Bytes == 16;

    /// <summary>The instruction for this form, of one that has the four prefixes (ADDPS: none, PD 66, SS F3, SD F2).</summary>
    public VectorOp Op(VectorOp packedSingles) =>
        (VectorOp)((int)packedSingles | ((IsScalar ? 2 : 0) | (IsDouble ? 1 : 0)) << 12);

    /// <summary>The instruction for this form, of a fused one: VEX.W for doubles, an odd opcode for scalars.</summary>
    public VectorOp Fused(VectorOp packedSingles) => (VectorOp)((int)packedSingles | (IsDouble ? 1 << 16 : 0) | (IsScalar ? 1 : 0));

    /// <summary>ROUNDxx.</summary>
    public VectorOp Round => (VectorOp)((int)FloatOp.Roundps + (IsScalar ? 2 : 0) + (IsDouble ? 1 : 0));

    /// <summary>MOVMSKPS or MOVMSKPD.</summary>
    public VectorOp SignMask => IsDouble ? FloatOp.Movmskpd : FloatOp.Movmskps;

    /// <summary>UCOMISS or UCOMISD.</summary>
    public VectorOp Compare => IsDouble ? FloatOp.Ucomisd : FloatOp.Ucomiss;
}
