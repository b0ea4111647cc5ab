using System.Numerics;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>The fields that Advanced SIMD instructions have in the same place (DDI0487 C4.1).</summary>
internal static unsafe class Operands
{
    /// <summary>Unpacks the three register numbers.</summary>
    public static void Registers(Insn* i)
    {
        i->D = (byte)(i->Word & 31);
        i->N = (byte)(i->Word >> 5 & 31);
        i->M = (byte)(i->Word >> 16 & 31);
    }

    /// <summary>Bit 30: the vectors have 128 bits.</summary>
    public static bool Q(Insn* i) => (i->Word >> 30 & 1) != 0;

    /// <summary>Bit 29: usually, the lanes are unsigned.</summary>
    public static bool U(Insn* i) => (i->Word >> 29 & 1) != 0;

    /// <summary>Bits 23..22: the lanes have 8 &lt;&lt; size bits.</summary>
    public static uint Size(Insn* i) => i->Word >> 22 & 3;

    /// <summary>Unpacks the registers, and the lane of the second source that an instruction "by element" uses (H:L:M, DDI0487 C4.1).</summary>
    public static void Element(Insn* i)
    {
        Registers(i);
        uint high = i->Word >> 11 & 1, low = i->Word >> 21 & 1, m = i->Word >> 20 & 1;
        if (Size(i) == 1)
        {
            i->M &= 15;
            i->Option = (byte)(high << 2 | low << 1 | m);
            return;
        }
        i->Option = (byte)(high << 1 | low);
    }

    /// <summary>Unpacks the registers and the amount of a shift to the right: twice the lane size less immh:immb. Returns the size.</summary>
    public static uint ShiftRight(Insn* i)
    {
        uint size = ShiftSize(i);
        i->Shift = (byte)((16u << (int)size) - (i->Word >> 16 & 127));
        return size;
    }

    /// <summary>Unpacks the registers and the amount of a shift to the left: immh:immb less the lane size. Returns the size.</summary>
    public static uint ShiftLeft(Insn* i)
    {
        uint size = ShiftSize(i);
        i->Shift = (byte)((i->Word >> 16 & 127) - (8u << (int)size));
        return size;
    }

    // The highest bit of immh is the lane size.
    private static uint ShiftSize(Insn* i)
    {
        Registers(i);
        return (uint)BitOperations.Log2(i->Word >> 19 & 15);
    }
}
