using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;
using General = Meanwhile.Arm64.Decoding.Encodings.FloatingPointConversionEncodings;
using Shifts = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpShiftEncodings;
using TwoRegister = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpTwoRegisterEncodings;

namespace Meanwhile.Arm64.Translator.FloatingPoint;

/// <summary>Conversion from integers and fixed-point numbers (SCVTF, UCVTF, DDI0487 C7.2).</summary>
/// <remarks>The results are zeros or far from the smallest normal number: only Inexact can belong to them.</remarks>
internal static class FloatFromInteger
{
    public static unsafe void AddTo(TranslationLines lines)
    {
        lines.Add(General.SCVTF, FloatingPointTranslations.ByHost, &FromGeneral);
        lines.Add(General.UCVTF, FloatingPointTranslations.ByHost, &FromGeneral);
        lines.Add(General.SCVTF_fixed, FloatingPointTranslations.ByHost, &FromGeneral);
        lines.Add(General.UCVTF_fixed, FloatingPointTranslations.ByHost, &FromGeneral);
        lines.Add(TwoRegister.SCVTF, FloatingPointTranslations.ByHost, &FromVector);
        lines.Add(TwoRegister.UCVTF, FloatingPointTranslations.ByHost, &FromVector);
        lines.Add(TwoRegister.SCVTF_scalar, FloatingPointTranslations.ByHost, &FromVector);
        lines.Add(TwoRegister.UCVTF_scalar, FloatingPointTranslations.ByHost, &FromVector);
        lines.Add(Shifts.SCVTF, FloatingPointTranslations.ByHost, &FromFixedVector);
        lines.Add(Shifts.UCVTF, FloatingPointTranslations.ByHost, &FromFixedVector);
        lines.Add(Shifts.SCVTF_scalar, FloatingPointTranslations.ByHost, &FromFixedVector);
        lines.Add(Shifts.UCVTF_scalar, FloatingPointTranslations.ByHost, &FromFixedVector);
    }

    /// <summary>Multiplies the elements of XMM0 by a power of two: exactly, as long as the results are normal.</summary>
    public static void Scale(UnitEmitter e, FloatForm form, int exponent)
    {
        if (exponent == 0)
            return;
        uint single = (uint)(127 + exponent) << 23;
        ulong wide = (ulong)(1023 + exponent) << 52;
        e.WithConstant(form.Op(FloatOp.Mul), VectorRegister.Xmm0, VectorRegister.Xmm0, form, single, wide);
    }

    /// <summary>Fraction bits of an Advanced SIMD instruction by shift: immh:immb is twice the element's size less them.</summary>
    public static int FractionBits(FloatForm form, uint word) => (form.Size * 16) - (int)(word >> 16 & 0x7F);

    private static void FromGeneral(UnitEmitter e, uint word)
    {
        FloatForm form = FloatForm.Of(word);
        bool wide = word >> 31 != 0, unsigned = (word >> 16 & 1) != 0, isFixed = (word >> 21 & 1) == 0;
        Begin(e, form, wide);
        int n = UnitEmitter.Source(word, 5);
        if (wide)
            e.LoadTo(Register.Rax, n);
        else if (unsigned)
            e.A.Mov(false, Register.Rax, e.Read(n, Register.Rax));
        else
            e.A.SignExtend(4, true, Register.Rax, e.Read(n, Register.Rax));
        Convert(e, VectorRegister.Xmm0, form.IsDouble, wide && unsigned);
        End(e, form, word, isFixed ? 64 - (int)(word >> 10 & 63) : 0);
    }

    private static void FromVector(UnitEmitter e, uint word) => FromElements(e, word, 0);

    private static void FromFixedVector(UnitEmitter e, uint word) => FromElements(e, word, FractionBits(FloatForm.Of(word), word));

    private static void FromElements(UnitEmitter e, uint word, int fractionBits)
    {
        FloatForm form = FloatForm.Of(word);
        bool unsigned = (word >> 29 & 1) != 0;
        int n = (int)(word >> 5 & 31);
        Begin(e, form, wide: form.IsDouble);
        if (!form.IsDouble && !form.IsScalar && !unsigned)
        {
            e.VectorUnary(FloatOp.Cvtdq2ps, VectorRegister.Xmm0, n);
            End(e, form, word, fractionBits);
            return;
        }
        for (int lane = 0; lane < form.Lanes; lane++)
        {
            Memory from = Vector(n).Plus(lane * form.Size);
            if (form.IsDouble || unsigned)
                e.A.Load(form.Size, Register.Rax, from);
            else
                e.A.LoadSigned(4, true, Register.Rax, from);
            Convert(e, lane == 0 ? VectorRegister.Xmm0 : VectorRegister.Xmm1, form.IsDouble, form.IsDouble && unsigned);
            if (lane == 0)
                continue;
            if (form.IsDouble)
                e.A.Vector(VectorOp.Punpcklqdq, VectorRegister.Xmm0, VectorRegister.Xmm0, VectorRegister.Xmm1);
            else
                e.A.Vector(VectorOp.Insertps, VectorRegister.Xmm0, VectorRegister.Xmm0, VectorRegister.Xmm1, lane << 4);
        }
        End(e, form, word, fractionBits);
    }

    /// <summary>All integers of 32 bits are doubles: whatever FPCR says.</summary>
    private static void Begin(UnitEmitter e, FloatForm form, bool wide)
    {
        e.BeginFloat();
        if (wide || !form.IsDouble)
            e.RequireReady();
    }

    private static void End(UnitEmitter e, FloatForm form, uint word, int fractionBits)
    {
        Scale(e, form, -fractionBits);
        e.StoreFloat(form, (int)(word & 31));
        e.EndFloat();
    }

    /// <summary>
    /// The 64-bit integer in RAX to the lowest element, with zeros above. An unsigned one that has its highest bit set is halved, its lowest
    /// bit kept as a sticky one, converted and doubled. Changes RAX and RCX.
    /// </summary>
    private static unsafe void Convert(UnitEmitter e, VectorRegister to, bool toDouble, bool unsigned)
    {
        VectorOp convert = toDouble ? FloatOp.Cvtsi2sd : FloatOp.Cvtsi2ss;
        Assembler a = e.A;
        a.Vector(VectorOp.Pxor, to, to, to);
        if (!unsigned)
        {
            a.Vector(convert, to, to, Register.Rax);
            return;
        }
        a.Test(true, Register.Rax, Register.Rax);
        byte* large = a.JumpShortIf(HostCondition.Sign);
        a.Vector(convert, to, to, Register.Rax);
        byte* done = a.JumpShort();
        a.BindShort(large);
        a.Mov(true, Register.Rcx, Register.Rax);
        a.ShiftImmediate(Shift.Shr, true, Register.Rax, 1);
        a.AluImmediate(Arithmetic.And, false, Register.Rcx, 1);
        a.Alu(Arithmetic.Or, true, Register.Rax, Register.Rcx);
        a.Vector(convert, to, to, Register.Rax);
        a.Vector(new FloatForm(toDouble, 1).Op(FloatOp.Add), to, to, to);
        a.BindShort(done);
    }
}
