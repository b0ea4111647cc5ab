using System.Runtime.CompilerServices;
using Meanwhile.Arm64.FloatingPoint;

namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

/// <summary>
/// Binders and handlers for vectors of two or four singles or two doubles, element by element. A vector of 64 bits leaves zeros in the
/// upper half.
/// </summary>
/// <remarks>Unsafe: register numbers come from 5-bit fields, so every access is inside <see cref="CpuState.V"/>.</remarks>
internal static unsafe class VectorFp
{
    /// <summary>Binds Vd = operation(Vn).</summary>
    public static void BindUnary<TOperation>(Insn* i)
        where TOperation : struct, IUnaryOperation
    {
        Unpack(i);
        i->Handler = ScalarFp.IsDouble(i) ? &Unary<TOperation, Double64> : &Unary<TOperation, Single32>;
    }

    /// <summary>Binds Vd = operation(Vn, Vm).</summary>
    public static void BindBinary<TOperation>(Insn* i)
        where TOperation : struct, IBinaryOperation
    {
        Unpack(i);
        i->Handler = ScalarFp.IsDouble(i) ? &Binary<TOperation, Double64> : &Binary<TOperation, Single32>;
    }

    /// <summary>Binds Vd = operation(Vd, Vn, Vm).</summary>
    public static void BindTernary<TOperation>(Insn* i)
        where TOperation : struct, ITernaryOperation
    {
        Unpack(i);
        i->Handler = ScalarFp.IsDouble(i) ? &Ternary<TOperation, Double64> : &Ternary<TOperation, Single32>;
    }

    /// <summary>Unpacks three register fields and Q.</summary>
    public static void Unpack(Insn* i)
    {
        ScalarFp.Unpack(i);
        i->A = (byte)((i->Word >> 30) & 1);
    }

    /// <summary>Q: the vectors are of 128 bits. For instructions bound with <see cref="Unpack"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsFull(Insn* i) => i->A != 0;

    /// <summary>The operation on the elements of one 64-bit word: two singles or a double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Word<TOperation, TFormat>(ulong n, ulong m, ref FpEnvironment env)
        where TOperation : struct, IBinaryOperation
        where TFormat : struct, IFormat
    {
        if (typeof(TFormat) == typeof(Double64))
            return TOperation.Apply<TFormat>(n, m, ref env);
        ulong low = TOperation.Apply<TFormat>((uint)n, (uint)m, ref env);
        return low | (TOperation.Apply<TFormat>(n >> 32, m >> 32, ref env) << 32);
    }

    /// <summary>The operation on the elements of one 64-bit word: two singles or a double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Word<TOperation, TFormat>(ulong d, ulong n, ulong m, ref FpEnvironment env)
        where TOperation : struct, ITernaryOperation
        where TFormat : struct, IFormat
    {
        if (typeof(TFormat) == typeof(Double64))
            return TOperation.Apply<TFormat>(d, n, m, ref env);
        ulong low = TOperation.Apply<TFormat>((uint)d, (uint)n, (uint)m, ref env);
        return low | (TOperation.Apply<TFormat>(d >> 32, n >> 32, m >> 32, ref env) << 32);
    }

    private static ulong Word<TOperation, TFormat>(ulong n, ref FpEnvironment env)
        where TOperation : struct, IUnaryOperation
        where TFormat : struct, IFormat
    {
        if (typeof(TFormat) == typeof(Double64))
            return TOperation.Apply<TFormat>(n, ref env);
        return TOperation.Apply<TFormat>((uint)n, ref env) | (TOperation.Apply<TFormat>(n >> 32, ref env) << 32);
    }

    private static int Unary<TOperation, TFormat>(CpuState* s, Insn* i)
        where TOperation : struct, IUnaryOperation
        where TFormat : struct, IFormat
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong* d = s->V + 2 * i->D, n = s->V + 2 * i->N;
        d[0] = Word<TOperation, TFormat>(n[0], ref env);
        d[1] = IsFull(i) ? Word<TOperation, TFormat>(n[1], ref env) : 0;
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int Binary<TOperation, TFormat>(CpuState* s, Insn* i)
        where TOperation : struct, IBinaryOperation
        where TFormat : struct, IFormat
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong* d = s->V + 2 * i->D, n = s->V + 2 * i->N, m = s->V + 2 * i->M;
        d[0] = Word<TOperation, TFormat>(n[0], m[0], ref env);
        d[1] = IsFull(i) ? Word<TOperation, TFormat>(n[1], m[1], ref env) : 0;
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int Ternary<TOperation, TFormat>(CpuState* s, Insn* i)
        where TOperation : struct, ITernaryOperation
        where TFormat : struct, IFormat
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong* d = s->V + 2 * i->D, n = s->V + 2 * i->N, m = s->V + 2 * i->M;
        d[0] = Word<TOperation, TFormat>(d[0], n[0], m[0], ref env);
        d[1] = IsFull(i) ? Word<TOperation, TFormat>(d[1], n[1], m[1], ref env) : 0;
        s->Fpsr = env.Status;
        return Status.Next;
    }
}
