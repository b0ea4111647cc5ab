namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>The binders of shifts by an immediate.</summary>
internal static unsafe class BindShift
{
    /// <summary>To the right; bit 29 says whether the lanes are unsigned.</summary>
    public static void Right<TOp>(Insn* i)
        where TOp : struct, IShiftOp => Vector<TOp>(i, Operands.U(i), Operands.ShiftRight(i));

    /// <summary>To the left; bit 29 says whether the lanes are unsigned.</summary>
    public static void Left<TOp>(Insn* i)
        where TOp : struct, IShiftOp => Vector<TOp>(i, Operands.U(i), Operands.ShiftLeft(i));

    /// <summary>A scalar, to the right.</summary>
    public static void ScalarRight<TOp>(Insn* i)
        where TOp : struct, IShiftOp => i->Handler = Choose.Shift<TOp, Scalar>(Operands.U(i), Operands.ShiftRight(i));

    /// <summary>A scalar, to the left.</summary>
    public static void ScalarLeft<TOp>(Insn* i)
        where TOp : struct, IShiftOp => i->Handler = Choose.Shift<TOp, Scalar>(Operands.U(i), Operands.ShiftLeft(i));

    /// <summary>To the right, then narrowed; bit 29 says whether the lanes are unsigned.</summary>
    public static void Narrow<TOp>(Insn* i)
        where TOp : struct, IShiftOp => ToNarrow<TOp>(i, Operands.U(i), Operands.ShiftRight(i));

    /// <summary>To the right, then narrowed to unsigned lanes.</summary>
    public static void NarrowSigned<TOp>(Insn* i)
        where TOp : struct, IShiftOp => ToNarrow<TOp>(i, false, Operands.ShiftRight(i));

    /// <summary>A scalar, to the right, then narrowed; bit 29 says whether it is unsigned.</summary>
    public static void ScalarNarrow<TOp>(Insn* i)
        where TOp : struct, IShiftOp => i->Handler = Choose.ShiftNarrow<TOp, Scalar>(Operands.U(i), Operands.ShiftRight(i));

    /// <summary>A signed scalar, to the right, then narrowed to an unsigned one.</summary>
    public static void ScalarNarrowSigned<TOp>(Insn* i)
        where TOp : struct, IShiftOp => i->Handler = Choose.ShiftNarrow<TOp, Scalar>(false, Operands.ShiftRight(i));

    /// <summary>Narrowed without a shift; bit 29 says whether the lanes are unsigned.</summary>
    public static void Extract<TOp>(Insn* i)
        where TOp : struct, IShiftOp
    {
        Operands.Registers(i);
        ToNarrow<TOp>(i, Operands.U(i), Operands.Size(i));
    }

    /// <summary>Signed lanes, narrowed without a shift.</summary>
    public static void ExtractSigned<TOp>(Insn* i)
        where TOp : struct, IShiftOp
    {
        Operands.Registers(i);
        ToNarrow<TOp>(i, false, Operands.Size(i));
    }

    /// <summary>A scalar, narrowed without a shift; bit 29 says whether it is unsigned.</summary>
    public static void ScalarExtract<TOp>(Insn* i)
        where TOp : struct, IShiftOp
    {
        Operands.Registers(i);
        i->Handler = Choose.ShiftNarrow<TOp, Scalar>(Operands.U(i), Operands.Size(i));
    }

    /// <summary>A signed scalar, narrowed without a shift.</summary>
    public static void ScalarExtractSigned<TOp>(Insn* i)
        where TOp : struct, IShiftOp
    {
        Operands.Registers(i);
        i->Handler = Choose.ShiftNarrow<TOp, Scalar>(false, Operands.Size(i));
    }

    /// <summary>SSHLL, USHLL.</summary>
    public static void Long(Insn* i) => ToLong(i, Operands.U(i), Operands.ShiftLeft(i));

    /// <summary>SHLL: the shift is the size of a lane.</summary>
    public static void LongByLane(Insn* i)
    {
        Operands.Registers(i);
        i->Shift = (byte)(8u << (int)Operands.Size(i));
        ToLong(i, true, Operands.Size(i));
    }

    private static void Vector<TOp>(Insn* i, bool unsigned, uint size)
        where TOp : struct, IShiftOp
        => i->Handler = Operands.Q(i) ? Choose.Shift<TOp, Full>(unsigned, size) : Choose.Shift<TOp, Half>(unsigned, size);

    private static void ToNarrow<TOp>(Insn* i, bool unsigned, uint size)
        where TOp : struct, IShiftOp
        => i->Handler = Operands.Q(i) ? Choose.ShiftNarrow2<TOp>(unsigned, size) : Choose.ShiftNarrow<TOp, Full>(unsigned, size);

    private static void ToLong(Insn* i, bool unsigned, uint size)
        => i->Handler = Operands.Q(i) ? Choose.ShiftLong<High>(unsigned, size) : Choose.ShiftLong<Low>(unsigned, size);
}
