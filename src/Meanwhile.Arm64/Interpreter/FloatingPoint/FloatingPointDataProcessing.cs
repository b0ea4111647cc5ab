using Meanwhile.Arm64.FloatingPoint;
using E = Meanwhile.Arm64.Decoding.Encodings.FloatingPointDataProcessingEncodings;

namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

/// <summary>Scalar floating-point data-processing with 1, 2 and 3 sources (DDI0487 C7.2).</summary>
/// <remarks>Unsafe: register numbers come from 5-bit fields, so every access is inside <see cref="CpuState.V"/>.</remarks>
internal static unsafe class FloatingPointDataProcessing
{
    public static void Register(Binders b)
    {
        b.Add(E.FMOV_reg, &BindMove);
        b.Add(E.FABS, &ScalarFp.BindUnary<Abs>);
        b.Add(E.FNEG, &ScalarFp.BindUnary<Negate>);
        b.Add(E.FSQRT, &ScalarFp.BindUnary<SquareRoot>);
        b.Add(E.FCVT, &BindConvert);
        b.Add(E.FRINTN, &RoundToIntegral.BindScalar);
        b.Add(E.FRINTP, &RoundToIntegral.BindScalar);
        b.Add(E.FRINTM, &RoundToIntegral.BindScalar);
        b.Add(E.FRINTZ, &RoundToIntegral.BindScalar);
        b.Add(E.FRINTA, &RoundToIntegral.BindScalar);
        b.Add(E.FRINTX, &RoundToIntegral.BindScalar);
        b.Add(E.FRINTI, &RoundToIntegral.BindScalar);

        b.Add(E.FMUL, &ScalarFp.BindBinary<Multiply>);
        b.Add(E.FDIV, &ScalarFp.BindBinary<Divide>);
        b.Add(E.FADD, &ScalarFp.BindBinary<Add>);
        b.Add(E.FSUB, &ScalarFp.BindBinary<Subtract>);
        b.Add(E.FMAX, &ScalarFp.BindBinary<Max>);
        b.Add(E.FMIN, &ScalarFp.BindBinary<Min>);
        b.Add(E.FMAXNM, &ScalarFp.BindBinary<MaxNumber>);
        b.Add(E.FMINNM, &ScalarFp.BindBinary<MinNumber>);
        b.Add(E.FNMUL, &ScalarFp.BindBinary<MultiplyNegate>);

        b.Add(E.FMADD, &ScalarFp.BindTernary<MultiplyAdd>);
        b.Add(E.FMSUB, &ScalarFp.BindTernary<MultiplySubtract>);
        b.Add(E.FNMADD, &ScalarFp.BindTernary<NegatedMultiplyAdd>);
        b.Add(E.FNMSUB, &ScalarFp.BindTernary<NegatedMultiplySubtract>);
    }

    private static void BindMove(Insn* i)
    {
        ScalarFp.Unpack(i);
        i->Handler = ScalarFp.IsDouble(i) ? &Move<Double64> : &Move<Single32>;
    }

    private static void BindConvert(Insn* i)
    {
        ScalarFp.Unpack(i);
        uint from = E.FCVT["ftype"].Of(i->Word), to = E.FCVT["opc"].Of(i->Word);
        i->Handler = (from, to) switch
        {
            (0, 1) => &Convert<Single32, Double64>,
            (0, 3) => &Convert<Single32, Half16>,
            (1, 0) => &Convert<Double64, Single32>,
            (1, 3) => &Convert<Double64, Half16>,
            (3, 0) => &Convert<Half16, Single32>,
            _ => &Convert<Half16, Double64>,
        };
    }

    private static int Move<TFormat>(CpuState* s, Insn* i)
        where TFormat : struct, IFormat
    {
        ScalarFp.Write(s, i->D, ScalarFp.Read<TFormat>(s, i->N));
        return Status.Next;
    }

    private static int Convert<TFrom, TTo>(CpuState* s, Insn* i)
        where TFrom : struct, IFormat
        where TTo : struct, IFormat
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ScalarFp.Write(s, i->D, FpConvert.Convert<TFrom, TTo>(ScalarFp.Read<TFrom>(s, i->N), ref env));
        s->Fpsr = env.Status;
        return Status.Next;
    }
}
