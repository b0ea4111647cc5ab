using Meanwhile.Arm64.FloatingPoint;
using E = Meanwhile.Arm64.Decoding.Encodings.FloatingPointCompareEncodings;

namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

/// <summary>FCMP, FCMPE, FCCMP, FCCMPE, FCSEL and FMOV (immediate) (DDI0487 C7.2).</summary>
/// <remarks>Unsafe: register numbers come from 5-bit fields, so every access is inside <see cref="CpuState.V"/>.</remarks>
internal static unsafe class FloatingPointCompare
{
    public static void Register(Binders b)
    {
        b.Add(E.FCMP, &BindCompare);
        b.Add(E.FCMPE, &BindCompare);
        b.Add(E.FCMP_zero, &BindCompareZero);
        b.Add(E.FCMPE_zero, &BindCompareZero);
        b.Add(E.FCCMP, &BindConditionalCompare);
        b.Add(E.FCCMPE, &BindConditionalCompare);
        b.Add(E.FCSEL, &BindSelect);
        b.Add(E.FMOV_imm, &BindImmediate);
    }

    // Bit 4 is the E form: quiet NaNs are invalid too. It is Option in every comparison.
    private static void BindCompare(Insn* i)
    {
        ScalarFp.Unpack(i);
        i->Option = (byte)((i->Word >> 4) & 1);
        i->Handler = ScalarFp.IsDouble(i) ? &Compare<Double64> : &Compare<Single32>;
    }

    private static void BindCompareZero(Insn* i)
    {
        ScalarFp.Unpack(i);
        i->Option = (byte)((i->Word >> 4) & 1);
        i->Handler = ScalarFp.IsDouble(i) ? &CompareZero<Double64> : &CompareZero<Single32>;
    }

    private static void BindConditionalCompare(Insn* i)
    {
        ScalarFp.Unpack(i);
        i->Option = (byte)((i->Word >> 4) & 1);
        i->Imm = (i->Word & 15) << 28;
        i->Imm2 = Condition.TruthTable(E.FCCMP["cond"].Of(i->Word));
        i->Handler = ScalarFp.IsDouble(i) ? &ConditionalCompare<Double64> : &ConditionalCompare<Single32>;
    }

    private static void BindSelect(Insn* i)
    {
        ScalarFp.Unpack(i);
        i->Imm2 = Condition.TruthTable(E.FCSEL["cond"].Of(i->Word));
        i->Handler = ScalarFp.IsDouble(i) ? &Select<Double64> : &Select<Single32>;
    }

    private static void BindImmediate(Insn* i)
    {
        ScalarFp.Unpack(i);
        uint imm8 = E.FMOV_imm["imm8"].Of(i->Word);
        i->Imm = ScalarFp.IsDouble(i) ? Expand<Double64>(imm8) : Expand<Single32>(imm8);
        i->Handler = &Immediate;
    }

    /// <summary>VFPExpandImm: a sign, three bits of exponent around 1.0 and four of fraction.</summary>
    private static ulong Expand<TFormat>(uint imm8)
        where TFormat : struct, IFormat
    {
        int width = TFormat.ExponentBits;
        bool b = (imm8 & 0x40) != 0;
        ulong exponent = ((b ? 0ul : 1ul) << (width - 1)) | ((b ? (1ul << (width - 3)) - 1 : 0) << 2) | ((imm8 >> 4) & 3);
        ulong fraction = (ulong)(imm8 & 15) << (TFormat.FractionBits - 4);
        return Layout<TFormat>.SignOf((imm8 & 0x80) != 0) | (exponent << TFormat.FractionBits) | fraction;
    }

    private static int Compare<TFormat>(CpuState* s, Insn* i)
        where TFormat : struct, IFormat
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        s->Nzcv = FpCompare.Flags<TFormat>(ScalarFp.Read<TFormat>(s, i->N), ScalarFp.Read<TFormat>(s, i->M), i->Option != 0, ref env);
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int CompareZero<TFormat>(CpuState* s, Insn* i)
        where TFormat : struct, IFormat
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        s->Nzcv = FpCompare.Flags<TFormat>(ScalarFp.Read<TFormat>(s, i->N), 0, i->Option != 0, ref env);
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int ConditionalCompare<TFormat>(CpuState* s, Insn* i)
        where TFormat : struct, IFormat
    {
        if (Condition.Holds(s, i))
            return Compare<TFormat>(s, i);
        s->Nzcv = (uint)i->Imm;
        return Status.Next;
    }

    private static int Select<TFormat>(CpuState* s, Insn* i)
        where TFormat : struct, IFormat
    {
        ScalarFp.Write(s, i->D, ScalarFp.Read<TFormat>(s, Condition.Holds(s, i) ? i->N : i->M));
        return Status.Next;
    }

    private static int Immediate(CpuState* s, Insn* i)
    {
        ScalarFp.Write(s, i->D, i->Imm);
        return Status.Next;
    }
}
