using Meanwhile.Arm64.FloatingPoint;
using Meanwhile.Arm64.Translator.X64;
using General = Meanwhile.Arm64.Decoding.Encodings.FloatingPointConversionEncodings;
using Shifts = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpShiftEncodings;
using TwoRegister = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpTwoRegisterEncodings;

namespace Meanwhile.Arm64.Translator.FloatingPoint;

/// <summary>
/// Conversion to integers and fixed-point numbers (FCVT*S, FCVT*U, DDI0487 C7.2). What is out of range, or at its end, is the handler's.
/// </summary>
internal static class FloatToInteger
{
    public static unsafe void AddTo(TranslationLines lines)
    {
        foreach (Decoding.Encoding encoding in (ReadOnlySpan<Decoding.Encoding>)
            [
                General.FCVTNS, General.FCVTNU, General.FCVTPS, General.FCVTPU, General.FCVTMS, General.FCVTMU, General.FCVTZS,
                General.FCVTZU, General.FCVTAS, General.FCVTAU, General.FCVTZS_fixed, General.FCVTZU_fixed,
            ])
            lines.Add(encoding, FloatingPointTranslations.ByHost, &ToGeneral);
        foreach (Decoding.Encoding encoding in (ReadOnlySpan<Decoding.Encoding>)
            [
                TwoRegister.FCVTNS, TwoRegister.FCVTNU, TwoRegister.FCVTPS, TwoRegister.FCVTPU, TwoRegister.FCVTMS, TwoRegister.FCVTMU,
                TwoRegister.FCVTZS, TwoRegister.FCVTZU, TwoRegister.FCVTAS, TwoRegister.FCVTAU,
                TwoRegister.FCVTNS_scalar, TwoRegister.FCVTNU_scalar, TwoRegister.FCVTPS_scalar, TwoRegister.FCVTPU_scalar,
                TwoRegister.FCVTMS_scalar, TwoRegister.FCVTMU_scalar, TwoRegister.FCVTZS_scalar, TwoRegister.FCVTZU_scalar,
                TwoRegister.FCVTAS_scalar, TwoRegister.FCVTAU_scalar,
            ])
            lines.Add(encoding, FloatingPointTranslations.ByHost, &ToVector);
        lines.Add(Shifts.FCVTZS, FloatingPointTranslations.ByHost, &ToFixedVector);
        lines.Add(Shifts.FCVTZU, FloatingPointTranslations.ByHost, &ToFixedVector);
        lines.Add(Shifts.FCVTZS_scalar, FloatingPointTranslations.ByHost, &ToFixedVector);
        lines.Add(Shifts.FCVTZU_scalar, FloatingPointTranslations.ByHost, &ToFixedVector);
    }

    /// <summary>rmode, numbered as <see cref="Rounding"/>, but for FCVTA (opcode 10x).</summary>
    private static void ToGeneral(UnitEmitter e, uint word)
    {
        FloatForm form = FloatForm.Of(word);
        bool wide = word >> 31 != 0, unsigned = (word >> 16 & 1) != 0, isFixed = (word >> 21 & 1) == 0;
        Rounding rounding = (word >> 18 & 1) != 0 ? Rounding.TieAway : (Rounding)(word >> 19 & 3);
        Begin(e, form, word, rounding, isFixed ? 64 - (int)(word >> 10 & 63) : 0);
        Register result = Convert(e, VectorRegister.Xmm0, form.IsDouble, wide, unsigned);
        e.Commit(UnitEmitter.Target(word, 0), result);
        e.EndFloat();
    }

    /// <summary>Opcode 11100 is FCVTA; of the others bit 23 and bit 12 are N, M, P, Z.</summary>
    private static void ToVector(UnitEmitter e, uint word)
    {
        Rounding rounding = (word >> 12 & 31) == 0b11100 ? Rounding.TieAway : (word >> 22 & 2 | word >> 12 & 1) switch
        {
            0 => Rounding.TieEven,
            1 => Rounding.NegativeInfinity,
            2 => Rounding.PositiveInfinity,
            _ => Rounding.Zero,
        };
        ToElements(e, word, rounding, 0);
    }

    private static void ToFixedVector(UnitEmitter e, uint word) =>
        ToElements(e, word, Rounding.Zero, FloatFromInteger.FractionBits(FloatForm.Of(word), word));

    private static void ToElements(UnitEmitter e, uint word, Rounding rounding, int fractionBits)
    {
        FloatForm form = FloatForm.Of(word);
        bool unsigned = (word >> 29 & 1) != 0;
        int d = (int)(word & 31);
        Begin(e, form, word, rounding, fractionBits);
        Assembler a = e.A;
        if (!form.IsDouble && !form.IsScalar && !unsigned)
        {
            a.VectorUnary(FloatOp.Cvttps2dq, VectorRegister.Xmm0, VectorRegister.Xmm0);
            e.WithSigns(VectorOp.Pcmpeqd, VectorRegister.Xmm3, VectorRegister.Xmm0, form); // The smallest integer.
            e.RequireNone(form, VectorRegister.Xmm3);
            e.StoreFloat(form, d);
            e.EndFloat();
            return;
        }
        for (int lane = 0; lane < form.Lanes; lane++)
        {
            VectorRegister from = VectorRegister.Xmm0;
            if (lane > 0)
                a.VectorUnary(VectorOp.Pshufd, from = VectorRegister.Xmm1, VectorRegister.Xmm0, form.IsDouble ? 0xEE : lane);
            Register result = Convert(e, from, form.IsDouble, form.IsDouble, unsigned);
            if (lane == 0)
                a.VectorUnary(VectorOp.MovqFromGeneral, VectorRegister.Xmm2, result);
            else
                a.Vector(form.IsDouble ? VectorOp.Pinsrq : VectorOp.Pinsrd, VectorRegister.Xmm2, VectorRegister.Xmm2, result, lane);
        }
        e.StoreVector(d, VectorRegister.Xmm2);
        e.EndFloat();
    }

    /// <summary>XMM0: the elements, scaled and rounded.</summary>
    private static void Begin(UnitEmitter e, FloatForm form, uint word, Rounding rounding, int fractionBits)
    {
        e.BeginFloat();
        e.RequireReady();
        e.LoadFloat(form, VectorRegister.Xmm0, (int)(word >> 5 & 31));
        FloatFromInteger.Scale(e, form, fractionBits);
        if (rounding != Rounding.Zero)
            FloatRound.Round(e, form, rounding);
    }

    /// <summary>
    /// The lowest element, truncated, as an integer in the register that is returned: RAX or RCX. The host's conversion gives the smallest
    /// integer where it has no result.
    /// </summary>
    private static Register Convert(UnitEmitter e, VectorRegister from, bool fromDouble, bool wide, bool unsigned)
    {
        Assembler a = e.A;
        a.VectorToGeneral(fromDouble ? FloatOp.Cvttsd2si : FloatOp.Cvttss2si, Register.Rax, from);
        if (wide && unsigned)
        {
            a.Test(true, Register.Rax, Register.Rax);
            e.SlowPathIf(HostCondition.Sign);
            return Register.Rax;
        }
        if (wide)
        {
            a.AluImmediate(Arithmetic.Cmp, true, Register.Rax, 1);
            e.SlowPathIf(HostCondition.Overflow);
            return Register.Rax;
        }
        if (unsigned)
            a.Mov(false, Register.Rcx, Register.Rax);
        else
            a.SignExtend(4, true, Register.Rcx, Register.Rax);
        a.Alu(Arithmetic.Cmp, true, Register.Rcx, Register.Rax);
        e.SlowPathIf(HostCondition.NotEqual);
        if (!unsigned)
            a.Mov(false, Register.Rcx, Register.Rcx);
        return Register.Rcx;
    }
}
