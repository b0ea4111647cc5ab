using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>Advanced SIMD across lanes and scalar pairwise.</summary>
internal static unsafe class AcrossLanes
{
    public static void Register(Binders b)
    {
        b.Add(SimdAcrossLanesEncodings.SADDLV, &BindSumLong);
        b.Add(SimdAcrossLanesEncodings.UADDLV, &BindSumLong);
        b.Add(SimdAcrossLanesEncodings.SMAXV, &BindReduce<Max>);
        b.Add(SimdAcrossLanesEncodings.UMAXV, &BindReduce<Max>);
        b.Add(SimdAcrossLanesEncodings.SMINV, &BindReduce<Min>);
        b.Add(SimdAcrossLanesEncodings.UMINV, &BindReduce<Min>);
        b.Add(SimdAcrossLanesEncodings.ADDV, &BindSum);
        b.Add(SimdScalarPairwiseEncodings.ADDP, &BindAddPair);
    }

    private static void BindSumLong(Insn* i)
    {
        Operands.Registers(i);
        i->Handler = Operands.Q(i)
            ? Choose.SumLong<Full>(Operands.U(i), Operands.Size(i))
            : Choose.SumLong<Half>(Operands.U(i), Operands.Size(i));
    }

    private static void BindReduce<TOp>(Insn* i)
        where TOp : struct, IVectorOp
    {
        Operands.Registers(i);
        i->Handler = Operands.Q(i)
            ? Choose.Reduce<TOp, Full>(Operands.U(i), Operands.Size(i))
            : Choose.Reduce<TOp, Half>(Operands.U(i), Operands.Size(i));
    }

    private static void BindSum(Insn* i)
    {
        Operands.Registers(i);
        i->Handler = (Operands.Size(i), Operands.Q(i)) switch
        {
            (0, false) => &Execute.Sum<byte, Half>,
            (0, true) => &Execute.Sum<byte, Full>,
            (1, false) => &Execute.Sum<ushort, Half>,
            (1, true) => &Execute.Sum<ushort, Full>,
            _ => &Execute.Sum<uint, Full>,
        };
    }

    private static void BindAddPair(Insn* i)
    {
        Operands.Registers(i);
        i->Handler = &Execute.AddPair;
    }
}
