namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>The binders of lane-wise instructions. Their names say where the lane type comes from.</summary>
internal static unsafe class Bind
{
    /// <summary>Bit 29 says whether the lanes are unsigned.</summary>
    public static void BySign<TOp>(Insn* i)
        where TOp : struct, IVectorOp => Vector<TOp>(i, Operands.U(i), Operands.Size(i));

    /// <summary>Signed lanes.</summary>
    public static void Signed<TOp>(Insn* i)
        where TOp : struct, IVectorOp => Vector<TOp>(i, false, Operands.Size(i));

    /// <summary>Unsigned lanes, or lanes whose sign does not matter.</summary>
    public static void Unsigned<TOp>(Insn* i)
        where TOp : struct, IVectorOp => Vector<TOp>(i, true, Operands.Size(i));

    /// <summary>The size field is part of the opcode: bit-wise and byte-wise instructions.</summary>
    public static void Bytes<TOp>(Insn* i)
        where TOp : struct, IVectorOp => Vector<TOp>(i, true, 0);

    /// <summary>Two operations: of 128-bit vectors, and of 64-bit ones.</summary>
    public static void UnsignedOr<TOp, THalf>(Insn* i)
        where TOp : struct, IVectorOp
        where THalf : struct, IVectorOp
    {
        if (Operands.Q(i))
            Unsigned<TOp>(i);
        else
            Unsigned<THalf>(i);
    }

    /// <summary>Operations on neighbouring lanes; bit 29 says whether they are unsigned.</summary>
    public static void PairsBySign<TOp>(Insn* i)
        where TOp : struct, IVectorOp
    {
        if (Operands.Q(i))
            BySign<Pairwise<TOp>>(i);
        else
            BySign<Joined<Pairwise<TOp>>>(i);
    }

    /// <summary>SADDLP and its kin: the operation sees lanes of twice the size.</summary>
    public static void PairsLong<TOp>(Insn* i)
        where TOp : struct, IVectorOp => Vector<TOp>(i, Operands.U(i), Operands.Size(i) + 1);

    /// <summary>A scalar; bit 29 says whether it is unsigned.</summary>
    public static void ScalarBySign<TOp>(Insn* i)
        where TOp : struct, IVectorOp => One<TOp>(i, Operands.U(i));

    /// <summary>A signed scalar.</summary>
    public static void ScalarSigned<TOp>(Insn* i)
        where TOp : struct, IVectorOp => One<TOp>(i, false);

    /// <summary>An unsigned scalar, or one whose sign does not matter.</summary>
    public static void ScalarUnsigned<TOp>(Insn* i)
        where TOp : struct, IVectorOp => One<TOp>(i, true);

    /// <summary>The second source is one element of a vector.</summary>
    public static void ByElement<TOp>(Insn* i)
        where TOp : struct, IVectorOp
    {
        Operands.Element(i);
        i->Handler = Operands.Q(i)
            ? Choose.SameByElement<TOp, Full>(false, Operands.Size(i))
            : Choose.SameByElement<TOp, Half>(false, Operands.Size(i));
    }

    /// <summary>A signed scalar; the second source is one element of a vector.</summary>
    public static void ScalarByElement<TOp>(Insn* i)
        where TOp : struct, IVectorOp
    {
        Operands.Element(i);
        i->Handler = Choose.SameByElement<TOp, Scalar>(false, Operands.Size(i));
    }

    /// <summary>The sources have half the lane size; bit 29 says whether the lanes are unsigned.</summary>
    public static void Long<TOp>(Insn* i)
        where TOp : struct, IVectorOp
    {
        Operands.Registers(i);
        i->Handler = Operands.Q(i)
            ? Choose.Long<TOp, High>(Operands.U(i), Operands.Size(i))
            : Choose.Long<TOp, Low>(Operands.U(i), Operands.Size(i));
    }

    /// <summary>As <see cref="Long"/>, unsigned whatever bit 29 says: PMULL.</summary>
    public static void LongUnsigned<TOp>(Insn* i)
        where TOp : struct, IVectorOp
    {
        Operands.Registers(i);
        i->Handler = Operands.Q(i) ? Choose.Long<TOp, High>(true, Operands.Size(i)) : Choose.Long<TOp, Low>(true, Operands.Size(i));
    }

    /// <summary>Signed scalars of half the size of the result.</summary>
    public static void ScalarLong<TOp>(Insn* i)
        where TOp : struct, IVectorOp
    {
        Operands.Registers(i);
        i->Handler = Choose.Long<TOp, Lowest>(false, Operands.Size(i));
    }

    /// <summary>As <see cref="Long"/>, with one element as the second source.</summary>
    public static void LongByElement<TOp>(Insn* i)
        where TOp : struct, IVectorOp
    {
        Operands.Element(i);
        i->Handler = Operands.Q(i)
            ? Choose.LongByElement<TOp, High>(Operands.U(i), Operands.Size(i))
            : Choose.LongByElement<TOp, Low>(Operands.U(i), Operands.Size(i));
    }

    /// <summary>As <see cref="ScalarLong"/>, with one element as the second source.</summary>
    public static void ScalarLongByElement<TOp>(Insn* i)
        where TOp : struct, IVectorOp
    {
        Operands.Element(i);
        i->Handler = Choose.LongByElement<TOp, Lowest>(false, Operands.Size(i));
    }

    /// <summary>The second source has half the lane size; bit 29 says whether the lanes are unsigned.</summary>
    public static void Wide<TOp>(Insn* i)
        where TOp : struct, IVectorOp
    {
        Operands.Registers(i);
        i->Handler = Operands.Q(i)
            ? Choose.Wide<TOp, High>(Operands.U(i), Operands.Size(i))
            : Choose.Wide<TOp, Low>(Operands.U(i), Operands.Size(i));
    }

    /// <summary>The high halves of wide lanes: ADDHN and its kin.</summary>
    public static void HighHalf<TOp>(Insn* i)
        where TOp : struct, IVectorOp
    {
        Operands.Registers(i);
        i->Handler = (Operands.Size(i), Operands.Q(i)) switch
        {
            (0, false) => &Execute.HighHalf<TOp, ushort>,
            (1, false) => &Execute.HighHalf<TOp, uint>,
            (_, false) => &Execute.HighHalf<TOp, ulong>,
            (0, true) => &Execute.HighHalf2<TOp, ushort>,
            (1, true) => &Execute.HighHalf2<TOp, uint>,
            _ => &Execute.HighHalf2<TOp, ulong>,
        };
    }

    private static void Vector<TOp>(Insn* i, bool unsigned, uint size)
        where TOp : struct, IVectorOp
    {
        Operands.Registers(i);
        i->Handler = Operands.Q(i) ? Choose.Same<TOp, Full>(unsigned, size) : Choose.Same<TOp, Half>(unsigned, size);
    }

    private static void One<TOp>(Insn* i, bool unsigned)
        where TOp : struct, IVectorOp
    {
        Operands.Registers(i);
        i->Handler = Choose.Same<TOp, Scalar>(unsigned, Operands.Size(i));
    }
}
