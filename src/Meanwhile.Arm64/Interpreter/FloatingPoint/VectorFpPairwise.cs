using Meanwhile.Arm64.FloatingPoint;
using E = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpReductionEncodings;

namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

/// <summary>Operations on neighbouring elements: pairwise, scalar pairwise, and across lanes (DDI0487 C7.2).</summary>
/// <remarks>Unsafe: register numbers come from 5-bit fields, so every access is inside <see cref="CpuState.V"/>.</remarks>
internal static unsafe class VectorFpPairwise
{
    public static void Register(Binders b)
    {
        b.Add(E.FMAXNMV, &BindAcross<MaxNumber>);
        b.Add(E.FMINNMV, &BindAcross<MinNumber>);
        b.Add(E.FMAXV, &BindAcross<Max>);
        b.Add(E.FMINV, &BindAcross<Min>);
        b.Add(E.FADDP_scalar, &BindScalar<Add>);
        b.Add(E.FMAXP_scalar, &BindScalar<Max>);
        b.Add(E.FMINP_scalar, &BindScalar<Min>);
        b.Add(E.FMAXNMP_scalar, &BindScalar<MaxNumber>);
        b.Add(E.FMINNMP_scalar, &BindScalar<MinNumber>);
    }

    /// <summary>Binds Vd = the operation on each pair of neighbours in Vm:Vn.</summary>
    public static void BindVector<TOperation>(Insn* i)
        where TOperation : struct, IBinaryOperation
    {
        VectorFp.Unpack(i);
        i->Handler = ScalarFp.IsDouble(i) ? &Doubles<TOperation>
            : VectorFp.IsFull(i) ? &Singles<TOperation> : &HalfSingles<TOperation>;
    }

    private static void BindScalar<TOperation>(Insn* i)
        where TOperation : struct, IBinaryOperation
    {
        ScalarFp.Unpack(i);
        i->Handler = ScalarFp.IsDouble(i) ? &ScalarDouble<TOperation> : &ScalarSingle<TOperation>;
    }

    private static void BindAcross<TOperation>(Insn* i)
        where TOperation : struct, IBinaryOperation
    {
        ScalarFp.Unpack(i);
        i->Handler = &Across<TOperation>;
    }

    /// <summary>The operation on the two singles of a word.</summary>
    private static ulong Pair<TOperation>(ulong word, ref FpEnvironment env)
        where TOperation : struct, IBinaryOperation => TOperation.Apply<Single32>((uint)word, word >> 32, ref env);

    private static int Doubles<TOperation>(CpuState* s, Insn* i)
        where TOperation : struct, IBinaryOperation
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong* n = s->V + 2 * i->N, m = s->V + 2 * i->M;
        ulong low = TOperation.Apply<Double64>(n[0], n[1], ref env);
        ulong high = TOperation.Apply<Double64>(m[0], m[1], ref env);
        s->V[2 * i->D] = low;
        s->V[2 * i->D + 1] = high;
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int Singles<TOperation>(CpuState* s, Insn* i)
        where TOperation : struct, IBinaryOperation
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong* n = s->V + 2 * i->N, m = s->V + 2 * i->M;
        ulong low = Pair<TOperation>(n[0], ref env) | (Pair<TOperation>(n[1], ref env) << 32);
        ulong high = Pair<TOperation>(m[0], ref env) | (Pair<TOperation>(m[1], ref env) << 32);
        s->V[2 * i->D] = low;
        s->V[2 * i->D + 1] = high;
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int HalfSingles<TOperation>(CpuState* s, Insn* i)
        where TOperation : struct, IBinaryOperation
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong low = Pair<TOperation>(s->V[2 * i->N], ref env);
        ScalarFp.Write(s, i->D, low | (Pair<TOperation>(s->V[2 * i->M], ref env) << 32));
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int ScalarDouble<TOperation>(CpuState* s, Insn* i)
        where TOperation : struct, IBinaryOperation
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ScalarFp.Write(s, i->D, TOperation.Apply<Double64>(s->V[2 * i->N], s->V[2 * i->N + 1], ref env));
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int ScalarSingle<TOperation>(CpuState* s, Insn* i)
        where TOperation : struct, IBinaryOperation
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ScalarFp.Write(s, i->D, Pair<TOperation>(s->V[2 * i->N], ref env));
        s->Fpsr = env.Status;
        return Status.Next;
    }

    // Reduce() of the manual halves the vector, which decides the NaN that is left.
    private static int Across<TOperation>(CpuState* s, Insn* i)
        where TOperation : struct, IBinaryOperation
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong low = Pair<TOperation>(s->V[2 * i->N], ref env);
        ulong high = Pair<TOperation>(s->V[2 * i->N + 1], ref env);
        ScalarFp.Write(s, i->D, TOperation.Apply<Single32>(low, high, ref env));
        s->Fpsr = env.Status;
        return Status.Next;
    }
}
