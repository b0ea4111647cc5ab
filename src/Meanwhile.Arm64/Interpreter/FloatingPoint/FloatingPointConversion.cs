using Meanwhile.Arm64.FloatingPoint;
using E = Meanwhile.Arm64.Decoding.Encodings.FloatingPointConversionEncodings;

namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

/// <summary>Conversion and moves between floating-point and general registers (DDI0487 C7.2).</summary>
/// <remarks>Unsafe: V registers come from 5-bit fields, X slots are resolved at bind time, so every access is inside its array.</remarks>
internal static unsafe class FloatingPointConversion
{
    public static void Register(Binders b)
    {
        b.Add(E.FCVTNS, &BindTo<Signed32, Signed64>);
        b.Add(E.FCVTPS, &BindTo<Signed32, Signed64>);
        b.Add(E.FCVTMS, &BindTo<Signed32, Signed64>);
        b.Add(E.FCVTZS, &BindTo<Signed32, Signed64>);
        b.Add(E.FCVTAS, &BindToNearestAway<Signed32, Signed64>);
        b.Add(E.FCVTZS_fixed, &BindTo<Signed32, Signed64>);
        b.Add(E.FCVTNU, &BindTo<Unsigned32, Unsigned64>);
        b.Add(E.FCVTPU, &BindTo<Unsigned32, Unsigned64>);
        b.Add(E.FCVTMU, &BindTo<Unsigned32, Unsigned64>);
        b.Add(E.FCVTZU, &BindTo<Unsigned32, Unsigned64>);
        b.Add(E.FCVTAU, &BindToNearestAway<Unsigned32, Unsigned64>);
        b.Add(E.FCVTZU_fixed, &BindTo<Unsigned32, Unsigned64>);

        b.Add(E.SCVTF, &BindFrom<Signed32, Signed64>);
        b.Add(E.SCVTF_fixed, &BindFrom<Signed32, Signed64>);
        b.Add(E.UCVTF, &BindFrom<Unsigned32, Unsigned64>);
        b.Add(E.UCVTF_fixed, &BindFrom<Unsigned32, Unsigned64>);

        b.Add(E.FMOV_to_W, &BindMove);
        b.Add(E.FMOV_from_W, &BindMove);
        b.Add(E.FMOV_to_X, &BindMove);
        b.Add(E.FMOV_from_X, &BindMove);
        b.Add(E.FMOV_top_to_X, &BindMove);
        b.Add(E.FMOV_top_from_X, &BindMove);
    }

    // Register 31 is XZR on either side. Bit 21 is clear in the fixed-point forms, which have 64 - scale fraction bits.
    private static void Unpack(Insn* i, bool toGeneral)
    {
        ScalarFp.Unpack(i);
        if (toGeneral)
            i->D = i->D == 31 ? (byte)CpuState.Sink : i->D;
        else
            i->N = i->N == 31 ? (byte)CpuState.Zr : i->N;
        bool isFixed = (i->Word & (1u << 21)) == 0;
        i->Shift = (byte)(isFixed ? 64 - ((i->Word >> 10) & 63) : 0);
        i->Option = (byte)((i->Word >> 19) & 3); // rmode, numbered as Rounding
    }

    private static bool Is64(Insn* i) => i->Word >> 31 != 0;

    private static void BindTo<TNarrow, TWide>(Insn* i)
        where TNarrow : struct, IIntegerType
        where TWide : struct, IIntegerType
    {
        Unpack(i, toGeneral: true);
        i->Handler = ScalarFp.IsDouble(i)
            ? (Is64(i) ? &To<Double64, TWide> : &To<Double64, TNarrow>)
            : (Is64(i) ? &To<Single32, TWide> : &To<Single32, TNarrow>);
    }

    private static void BindToNearestAway<TNarrow, TWide>(Insn* i)
        where TNarrow : struct, IIntegerType
        where TWide : struct, IIntegerType
    {
        BindTo<TNarrow, TWide>(i);
        i->Option = (byte)Rounding.TieAway;
    }

    private static void BindFrom<TNarrow, TWide>(Insn* i)
        where TNarrow : struct, IIntegerType
        where TWide : struct, IIntegerType
    {
        Unpack(i, toGeneral: false);
        i->Handler = ScalarFp.IsDouble(i)
            ? (Is64(i) ? &From<Double64, TWide> : &From<Double64, TNarrow>)
            : (Is64(i) ? &From<Single32, TWide> : &From<Single32, TNarrow>);
    }

    private static void BindMove(Insn* i)
    {
        bool fromGeneral = (i->Word & (1u << 16)) != 0, top = (i->Word & (1u << 19)) != 0;
        Unpack(i, toGeneral: !fromGeneral);
        i->Handler = (fromGeneral, top) switch
        {
            (false, false) => Is64(i) ? &MoveToX : &MoveToW,
            (false, true) => &MoveTopToX,
            (true, false) => Is64(i) ? &MoveFromX : &MoveFromW,
            (true, true) => &MoveTopFromX,
        };
    }

    private static int To<TFormat, TInteger>(CpuState* s, Insn* i)
        where TFormat : struct, IFormat
        where TInteger : struct, IIntegerType
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        s->X[i->D] = IntegerConversion.To<TFormat, TInteger>(
            ScalarFp.Read<TFormat>(s, i->N), i->Shift, (Rounding)i->Option, ref env);
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int From<TFormat, TInteger>(CpuState* s, Insn* i)
        where TFormat : struct, IFormat
        where TInteger : struct, IIntegerType
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ScalarFp.Write(s, i->D, IntegerConversion.From<TFormat, TInteger>(s->X[i->N], i->Shift, ref env));
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int MoveToW(CpuState* s, Insn* i)
    {
        s->X[i->D] = (uint)s->V[2 * i->N];
        return Status.Next;
    }

    private static int MoveToX(CpuState* s, Insn* i)
    {
        s->X[i->D] = s->V[2 * i->N];
        return Status.Next;
    }

    private static int MoveTopToX(CpuState* s, Insn* i)
    {
        s->X[i->D] = s->V[2 * i->N + 1];
        return Status.Next;
    }

    private static int MoveFromW(CpuState* s, Insn* i)
    {
        ScalarFp.Write(s, i->D, (uint)s->X[i->N]);
        return Status.Next;
    }

    private static int MoveFromX(CpuState* s, Insn* i)
    {
        ScalarFp.Write(s, i->D, s->X[i->N]);
        return Status.Next;
    }

    private static int MoveTopFromX(CpuState* s, Insn* i)
    {
        s->V[2 * i->D + 1] = s->X[i->N]; // the low half stays
        return Status.Next;
    }
}
