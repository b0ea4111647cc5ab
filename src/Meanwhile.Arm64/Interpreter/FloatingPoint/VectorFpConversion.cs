using Meanwhile.Arm64.FloatingPoint;

namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

/// <summary>Conversions between elements and integers or fixed-point numbers of their own width, vector and scalar.</summary>
/// <remarks>Unsafe: register numbers come from 5-bit fields, so every access is inside <see cref="CpuState.V"/>.</remarks>
internal static unsafe class VectorFpConversion
{
    /// <summary>Binds FCVT{N,M,P,Z,A}{S,U}, whose bits 28, 23 and 16..12 say which.</summary>
    public static void BindTo<TNarrow, TWide>(Insn* i)
        where TNarrow : struct, IIntegerType
        where TWide : struct, IIntegerType
    {
        VectorFp.Unpack(i);
        uint a = (i->Word >> 23) & 1, opcode = (i->Word >> 12) & 31;
        i->Option = (byte)(opcode switch
        {
            0b11100 => Rounding.TieAway,
            0b11010 => a == 0 ? Rounding.TieEven : Rounding.PositiveInfinity,
            _ => a == 0 ? Rounding.NegativeInfinity : Rounding.Zero,
        });
        ChooseTo<TNarrow, TWide>(i, ScalarFp.IsDouble(i));
    }

    /// <summary>Binds FCVTZS and FCVTZU (fixed-point).</summary>
    public static void BindToFixed<TNarrow, TWide>(Insn* i)
        where TNarrow : struct, IIntegerType
        where TWide : struct, IIntegerType
    {
        bool isDouble = UnpackFixed(i);
        i->Option = (byte)Rounding.Zero;
        ChooseTo<TNarrow, TWide>(i, isDouble);
    }

    /// <summary>Binds SCVTF and UCVTF (integer).</summary>
    public static void BindFrom<TNarrow, TWide>(Insn* i)
        where TNarrow : struct, IIntegerType
        where TWide : struct, IIntegerType
    {
        VectorFp.Unpack(i);
        ChooseFrom<TNarrow, TWide>(i, ScalarFp.IsDouble(i));
    }

    /// <summary>Binds SCVTF and UCVTF (fixed-point).</summary>
    public static void BindFromFixed<TNarrow, TWide>(Insn* i)
        where TNarrow : struct, IIntegerType
        where TWide : struct, IIntegerType => ChooseFrom<TNarrow, TWide>(i, UnpackFixed(i));

    // immh:immb is twice the element's width less the number of fraction bits; immh's top bit says doubles.
    private static bool UnpackFixed(Insn* i)
    {
        VectorFp.Unpack(i);
        uint immediate = (i->Word >> 16) & 127;
        bool isDouble = immediate >= 64;
        i->Shift = (byte)((isDouble ? 128 : 64) - immediate);
        return isDouble;
    }

    private static bool IsScalar(Insn* i) => (i->Word & (1u << 28)) != 0;

    private static void ChooseTo<TNarrow, TWide>(Insn* i, bool isDouble)
        where TNarrow : struct, IIntegerType
        where TWide : struct, IIntegerType
        => i->Handler = isDouble
            ? (IsScalar(i) ? &ScalarTo<Double64, TWide> : &To<Double64, TWide>)
            : (IsScalar(i) ? &ScalarTo<Single32, TNarrow> : &To<Single32, TNarrow>);

    private static void ChooseFrom<TNarrow, TWide>(Insn* i, bool isDouble)
        where TNarrow : struct, IIntegerType
        where TWide : struct, IIntegerType
        => i->Handler = isDouble
            ? (IsScalar(i) ? &ScalarFrom<Double64, TWide> : &From<Double64, TWide>)
            : (IsScalar(i) ? &ScalarFrom<Single32, TNarrow> : &From<Single32, TNarrow>);

    private static int ScalarTo<TFormat, TInteger>(CpuState* s, Insn* i)
        where TFormat : struct, IFormat
        where TInteger : struct, IIntegerType
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong n = ScalarFp.Read<TFormat>(s, i->N);
        ScalarFp.Write(s, i->D, IntegerConversion.To<TFormat, TInteger>(n, i->Shift, (Rounding)i->Option, ref env));
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int ScalarFrom<TFormat, TInteger>(CpuState* s, Insn* i)
        where TFormat : struct, IFormat
        where TInteger : struct, IIntegerType
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ScalarFp.Write(s, i->D, IntegerConversion.From<TFormat, TInteger>(ScalarFp.Read<TFormat>(s, i->N), i->Shift, ref env));
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int To<TFormat, TInteger>(CpuState* s, Insn* i)
        where TFormat : struct, IFormat
        where TInteger : struct, IIntegerType
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong* d = s->V + 2 * i->D, n = s->V + 2 * i->N;
        d[0] = Word(n[0], i, ref env);
        d[1] = VectorFp.IsFull(i) ? Word(n[1], i, ref env) : 0;
        s->Fpsr = env.Status;
        return Status.Next;

        static ulong Word(ulong n, Insn* i, ref FpEnvironment env)
        {
            var rounding = (Rounding)i->Option;
            if (typeof(TFormat) == typeof(Double64))
                return IntegerConversion.To<TFormat, TInteger>(n, i->Shift, rounding, ref env);
            ulong low = IntegerConversion.To<TFormat, TInteger>((uint)n, i->Shift, rounding, ref env);
            return low | (IntegerConversion.To<TFormat, TInteger>(n >> 32, i->Shift, rounding, ref env) << 32);
        }
    }

    private static int From<TFormat, TInteger>(CpuState* s, Insn* i)
        where TFormat : struct, IFormat
        where TInteger : struct, IIntegerType
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong* d = s->V + 2 * i->D, n = s->V + 2 * i->N;
        d[0] = Word(n[0], i, ref env);
        d[1] = VectorFp.IsFull(i) ? Word(n[1], i, ref env) : 0;
        s->Fpsr = env.Status;
        return Status.Next;

        static ulong Word(ulong n, Insn* i, ref FpEnvironment env)
        {
            if (typeof(TFormat) == typeof(Double64))
                return IntegerConversion.From<TFormat, TInteger>(n, i->Shift, ref env);
            ulong low = IntegerConversion.From<TFormat, TInteger>((uint)n, i->Shift, ref env);
            return low | (IntegerConversion.From<TFormat, TInteger>(n >> 32, i->Shift, ref env) << 32);
        }
    }
}
