using System.Runtime.CompilerServices;
using Meanwhile.Arm64.FloatingPoint;
using E = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpByElementEncodings;

namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

/// <summary>FMLA, FMLS, FMUL and FMULX by one element of the second operand, vector and scalar (DDI0487 C7.2).</summary>
/// <remarks>
/// Unsafe: register numbers come from 5-bit fields and indices from at most 2 bits, so every access is inside <see cref="CpuState.V"/>.
/// </remarks>
internal static unsafe class VectorFpByElement
{
    public static void Register(Binders b)
    {
        b.Add(E.FMLA, &BindTernary<MultiplyAdd>);
        b.Add(E.FMLS, &BindTernary<MultiplySubtract>);
        b.Add(E.FMUL, &BindBinary<Multiply>);
        b.Add(E.FMULX, &BindBinary<MultiplyExtended>);
        b.Add(E.FMLA_scalar, &BindScalarTernary<MultiplyAdd>);
        b.Add(E.FMLS_scalar, &BindScalarTernary<MultiplySubtract>);
        b.Add(E.FMUL_scalar, &BindScalarBinary<Multiply>);
        b.Add(E.FMULX_scalar, &BindScalarBinary<MultiplyExtended>);
    }

    // M and Rm together name the register; the index is H for doubles and H:L for singles.
    private static void Unpack(Insn* i)
    {
        VectorFp.Unpack(i);
        uint h = (i->Word >> 11) & 1, l = (i->Word >> 21) & 1;
        i->Option = (byte)(ScalarFp.IsDouble(i) ? h : (h << 1) | l);
    }

    private static void BindBinary<TOperation>(Insn* i)
        where TOperation : struct, IBinaryOperation
    {
        Unpack(i);
        i->Handler = ScalarFp.IsDouble(i) ? &Binary<TOperation, Double64> : &Binary<TOperation, Single32>;
    }

    private static void BindTernary<TOperation>(Insn* i)
        where TOperation : struct, ITernaryOperation
    {
        Unpack(i);
        i->Handler = ScalarFp.IsDouble(i) ? &Ternary<TOperation, Double64> : &Ternary<TOperation, Single32>;
    }

    private static void BindScalarBinary<TOperation>(Insn* i)
        where TOperation : struct, IBinaryOperation
    {
        Unpack(i);
        i->Handler = ScalarFp.IsDouble(i) ? &ScalarBinary<TOperation, Double64> : &ScalarBinary<TOperation, Single32>;
    }

    private static void BindScalarTernary<TOperation>(Insn* i)
        where TOperation : struct, ITernaryOperation
    {
        Unpack(i);
        i->Handler = ScalarFp.IsDouble(i) ? &ScalarTernary<TOperation, Double64> : &ScalarTernary<TOperation, Single32>;
    }

    /// <summary>The chosen element of Vm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Element<TFormat>(CpuState* s, Insn* i)
        where TFormat : struct, IFormat
    {
        ulong* m = s->V + 2 * i->M;
        return typeof(TFormat) == typeof(Double64) ? m[i->Option] : ((uint*)m)[i->Option];
    }

    /// <summary>The chosen element in every place of a word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Repeated<TFormat>(CpuState* s, Insn* i)
        where TFormat : struct, IFormat
    {
        ulong element = Element<TFormat>(s, i);
        return typeof(TFormat) == typeof(Double64) ? element : element | (element << 32);
    }

    private static int Binary<TOperation, TFormat>(CpuState* s, Insn* i)
        where TOperation : struct, IBinaryOperation
        where TFormat : struct, IFormat
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong* d = s->V + 2 * i->D, n = s->V + 2 * i->N;
        ulong m = Repeated<TFormat>(s, i);
        d[0] = VectorFp.Word<TOperation, TFormat>(n[0], m, ref env);
        d[1] = VectorFp.IsFull(i) ? VectorFp.Word<TOperation, TFormat>(n[1], m, ref env) : 0;
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int Ternary<TOperation, TFormat>(CpuState* s, Insn* i)
        where TOperation : struct, ITernaryOperation
        where TFormat : struct, IFormat
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong* d = s->V + 2 * i->D, n = s->V + 2 * i->N;
        ulong m = Repeated<TFormat>(s, i);
        d[0] = VectorFp.Word<TOperation, TFormat>(d[0], n[0], m, ref env);
        d[1] = VectorFp.IsFull(i) ? VectorFp.Word<TOperation, TFormat>(d[1], n[1], m, ref env) : 0;
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int ScalarBinary<TOperation, TFormat>(CpuState* s, Insn* i)
        where TOperation : struct, IBinaryOperation
        where TFormat : struct, IFormat
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ScalarFp.Write(s, i->D, TOperation.Apply<TFormat>(ScalarFp.Read<TFormat>(s, i->N), Element<TFormat>(s, i), ref env));
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int ScalarTernary<TOperation, TFormat>(CpuState* s, Insn* i)
        where TOperation : struct, ITernaryOperation
        where TFormat : struct, IFormat
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong addend = ScalarFp.Read<TFormat>(s, i->D);
        ScalarFp.Write(s, i->D, TOperation.Apply<TFormat>(addend, ScalarFp.Read<TFormat>(s, i->N), Element<TFormat>(s, i), ref env));
        s->Fpsr = env.Status;
        return Status.Next;
    }
}
