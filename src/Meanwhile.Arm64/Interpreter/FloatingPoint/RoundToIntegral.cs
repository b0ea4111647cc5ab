using Meanwhile.Arm64.FloatingPoint;

namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

/// <summary>FRINTN, FRINTP, FRINTM, FRINTZ, FRINTA, FRINTX and FRINTI, scalar and vector.</summary>
/// <remarks>Unsafe: register numbers come from 5-bit fields, so every access is inside <see cref="CpuState.V"/>.</remarks>
internal static unsafe class RoundToIntegral
{
    /// <summary>In Insn.Option: round as FPCR.RMode says.</summary>
    private const byte Current = 0x10;

    /// <summary>In Insn.Option: raise Inexact.</summary>
    private const byte Exact = 0x20;

    /// <summary>Binds a scalar form, whose bits 17..15 choose the rounding.</summary>
    public static void BindScalar(Insn* i)
    {
        ScalarFp.Unpack(i);
        i->Option = ((i->Word >> 15) & 7) switch
        {
            <= 4 and var rounding => (byte)rounding, // N, P, M, Z and A are numbered as Rounding
            6 => Current | Exact,
            _ => Current,
        };
        i->Handler = ScalarFp.IsDouble(i) ? &Scalar<Double64> : &Scalar<Single32>;
    }

    /// <summary>Binds a vector form, whose U, bit 23 and bit 12 choose the rounding.</summary>
    public static void BindVector(Insn* i)
    {
        VectorFp.Unpack(i);
        uint choice = ((i->Word >> 27) & 4) | ((i->Word >> 22) & 2) | ((i->Word >> 12) & 1);
        i->Option = choice switch
        {
            0b000 => (byte)Rounding.TieEven,
            0b001 => (byte)Rounding.NegativeInfinity,
            0b010 => (byte)Rounding.PositiveInfinity,
            0b011 => (byte)Rounding.Zero,
            0b100 => (byte)Rounding.TieAway,
            0b101 => Current | Exact,
            _ => Current,
        };
        i->Handler = ScalarFp.IsDouble(i) ? &Vector<Double64> : &Vector<Single32>;
    }

    private static int Scalar<TFormat>(CpuState* s, Insn* i)
        where TFormat : struct, IFormat
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ScalarFp.Write(s, i->D, Element<TFormat>(ScalarFp.Read<TFormat>(s, i->N), i->Option, ref env));
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int Vector<TFormat>(CpuState* s, Insn* i)
        where TFormat : struct, IFormat
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong* d = s->V + 2 * i->D, n = s->V + 2 * i->N;
        d[0] = Word<TFormat>(n[0], i->Option, ref env);
        d[1] = VectorFp.IsFull(i) ? Word<TFormat>(n[1], i->Option, ref env) : 0;
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static ulong Word<TFormat>(ulong n, byte option, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        if (typeof(TFormat) == typeof(Double64))
            return Element<TFormat>(n, option, ref env);
        return Element<TFormat>((uint)n, option, ref env) | (Element<TFormat>(n >> 32, option, ref env) << 32);
    }

    private static ulong Element<TFormat>(ulong a, byte option, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        Rounding rounding = (option & Current) != 0 ? env.Rounding : (Rounding)option;
        return FpFixed.RoundToIntegral<TFormat>(a, rounding, (option & Exact) != 0, ref env);
    }
}
