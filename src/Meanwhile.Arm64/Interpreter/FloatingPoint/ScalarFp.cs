using System.Runtime.CompilerServices;
using Meanwhile.Arm64.FloatingPoint;

namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

/// <summary>Binders and handlers for one element in the low bits of each register. The rest of the destination becomes zero.</summary>
/// <remarks>Unsafe: register numbers come from 5-bit fields, so every access is inside <see cref="CpuState.V"/>.</remarks>
internal static unsafe class ScalarFp
{
    /// <summary>Binds Rd = operation(Rn); bit 22 chooses double precision.</summary>
    public static void BindUnary<TOperation>(Insn* i)
        where TOperation : struct, IUnaryOperation
    {
        Unpack(i);
        i->Handler = IsDouble(i) ? &Unary<TOperation, Double64> : &Unary<TOperation, Single32>;
    }

    /// <summary>Binds Rd = operation(Rn, Rm); bit 22 chooses double precision.</summary>
    public static void BindBinary<TOperation>(Insn* i)
        where TOperation : struct, IBinaryOperation
    {
        Unpack(i);
        i->Handler = IsDouble(i) ? &Binary<TOperation, Double64> : &Binary<TOperation, Single32>;
    }

    /// <summary>Binds Rd = operation(Ra, Rn, Rm); bit 22 chooses double precision.</summary>
    public static void BindTernary<TOperation>(Insn* i)
        where TOperation : struct, ITernaryOperation
    {
        Unpack(i);
        i->Handler = IsDouble(i) ? &Ternary<TOperation, Double64> : &Ternary<TOperation, Single32>;
    }

    /// <summary>Unpacks the four register fields.</summary>
    public static void Unpack(Insn* i)
    {
        i->D = (byte)(i->Word & 31);
        i->N = (byte)((i->Word >> 5) & 31);
        i->A = (byte)((i->Word >> 10) & 31);
        i->M = (byte)((i->Word >> 16) & 31);
    }

    /// <summary>Bit 22: ftype 01, or sz.</summary>
    public static bool IsDouble(Insn* i) => (i->Word & (1u << 22)) != 0;

    /// <summary>The low element of a V register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read<TFormat>(CpuState* s, int register)
        where TFormat : struct, IFormat => s->V[2 * register] & Layout<TFormat>.Mask;

    /// <summary>Sets a V register to a low element and zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(CpuState* s, int register, ulong value)
    {
        s->V[2 * register] = value;
        s->V[2 * register + 1] = 0;
    }

    private static int Unary<TOperation, TFormat>(CpuState* s, Insn* i)
        where TOperation : struct, IUnaryOperation
        where TFormat : struct, IFormat
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        Write(s, i->D, TOperation.Apply<TFormat>(Read<TFormat>(s, i->N), ref env));
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int Binary<TOperation, TFormat>(CpuState* s, Insn* i)
        where TOperation : struct, IBinaryOperation
        where TFormat : struct, IFormat
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        Write(s, i->D, TOperation.Apply<TFormat>(Read<TFormat>(s, i->N), Read<TFormat>(s, i->M), ref env));
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int Ternary<TOperation, TFormat>(CpuState* s, Insn* i)
        where TOperation : struct, ITernaryOperation
        where TFormat : struct, IFormat
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong addend = Read<TFormat>(s, i->A);
        Write(s, i->D, TOperation.Apply<TFormat>(addend, Read<TFormat>(s, i->N), Read<TFormat>(s, i->M), ref env));
        s->Fpsr = env.Status;
        return Status.Next;
    }
}
