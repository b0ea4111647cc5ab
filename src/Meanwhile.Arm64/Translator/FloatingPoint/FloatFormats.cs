using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;
using Scalar = Meanwhile.Arm64.Decoding.Encodings.FloatingPointDataProcessingEncodings;
using TwoRegister = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpTwoRegisterEncodings;

namespace Meanwhile.Arm64.Translator.FloatingPoint;

/// <summary>Conversion between precisions (DDI0487 C7.2.69 and its neighbours), but not to half precision.</summary>
internal static class FloatFormats
{
    private static readonly FloatForm Single = new(false, 1), Double = new(true, 1);

    public static unsafe void AddTo(TranslationLines lines)
    {
        lines.Add(Scalar.FCVT, Traits.Handler | Traits.KeepsVectorCopies, &Convert);
        lines.Add(TwoRegister.FCVTL, Traits.Handler | Traits.KeepsVectorCopies, &Lengthen);
        lines.Add(TwoRegister.FCVTN, Traits.Handler | Traits.KeepsVectorCopies, &Narrow);
    }

    private static void Convert(UnitEmitter e, uint word)
    {
        const uint single = 0b00, wide = 0b01, half = 0b11;
        switch (word >> 22 & 3, word >> 15 & 3)
        {
            case (single, wide):
                ConvertToDouble(e, word);
                break;
            case (wide, single):
                ConvertToSingle(e, word);
                break;
            case (half, var to) when e.Features.F16c:
                ConvertFromHalf(e, word, toDouble: to == wide);
                break;
            default:
                e.CallHandler();
                break;
        }
    }

    /// <summary>Exact: every single is a double.</summary>
    private static void ConvertToDouble(UnitEmitter e, uint word)
    {
        e.BeginFloat();
        e.RequireDenormals();
        e.LoadFloat(Single, VectorRegister.Xmm1, (int)(word >> 5 & 31));
        e.RequireOrdered(Single, VectorRegister.Xmm1, VectorRegister.Xmm1);
        e.A.Vector(FloatOp.Cvtss2sd, VectorRegister.Xmm0, VectorRegister.Xmm1, VectorRegister.Xmm1);
        e.StoreFloat(Double, (int)(word & 31));
        e.EndFloat();
    }

    private static void ConvertToSingle(UnitEmitter e, uint word)
    {
        e.BeginFloat();
        e.RequireReady();
        e.LoadFloat(Double, VectorRegister.Xmm1, (int)(word >> 5 & 31));
        e.A.Vector(VectorOp.Pxor, VectorRegister.Xmm0, VectorRegister.Xmm0, VectorRegister.Xmm0);
        e.A.Vector(FloatOp.Cvtsd2ss, VectorRegister.Xmm0, VectorRegister.Xmm0, VectorRegister.Xmm1);
        e.RequireOrdinary(Single, ExactZeros.OfZeroOperand, from: Double);
        e.StoreFloat(Single, (int)(word & 31));
        e.EndFloat();
    }

    /// <summary>Exact as well; FPCR.FZ is not for halves, but AHP is.</summary>
    private static void ConvertFromHalf(UnitEmitter e, uint word, bool toDouble)
    {
        e.BeginFloat();
        RequireIeeeHalves(e);
        e.A.Load(2, Register.Rax, Vector((int)(word >> 5 & 31)));
        e.A.VectorUnary(VectorOp.MovdFromGeneral, VectorRegister.Xmm1, Register.Rax);
        e.A.VectorUnary(FloatOp.Cvtph2ps, VectorRegister.Xmm0, VectorRegister.Xmm1);
        e.RequireOrdered(Single, VectorRegister.Xmm0, VectorRegister.Xmm0);
        if (toDouble)
            e.A.Vector(FloatOp.Cvtss2sd, VectorRegister.Xmm0, VectorRegister.Xmm0, VectorRegister.Xmm0);
        e.StoreFloat(Double, (int)(word & 31));
        e.EndFloat();
    }

    private static void RequireIeeeHalves(UnitEmitter e)
    {
        e.A.TestByte(Field(Fpcr + 3), 1 << 2);
        e.SlowPathIf(HostCondition.NotEqual);
    }

    /// <summary>FCVTL: the low half of Vn, or the high one (Q), to twice the size.</summary>
    private static void Lengthen(UnitEmitter e, uint word)
    {
        bool fromHalf = (word >> 22 & 1) == 0;
        if (fromHalf && !e.Features.F16c)
        {
            e.CallHandler();
            return;
        }
        FloatForm to = fromHalf ? new(false, 4) : new(true, 2);
        e.BeginFloat();
        if (fromHalf)
            RequireIeeeHalves(e);
        else
            e.RequireDenormals();
        e.A.LoadVector(8, VectorRegister.Xmm1, Vector((int)(word >> 5 & 31)).Plus((word >> 30 & 1) != 0 ? 8 : 0));
        e.A.VectorUnary(fromHalf ? FloatOp.Cvtph2ps : FloatOp.Cvtps2pd, VectorRegister.Xmm0, VectorRegister.Xmm1);
        e.RequireOrdered(to, VectorRegister.Xmm0, VectorRegister.Xmm0);
        e.StoreFloat(to, (int)(word & 31));
        e.EndFloat();
    }

    /// <summary>FCVTN: to the low half of Vd, or to the high one (Q), whose low half stays.</summary>
    private static void Narrow(UnitEmitter e, uint word)
    {
        FloatForm from = new(true, 2), to = new(false, 2);
        if ((word >> 22 & 1) == 0)
        {
            e.CallHandler();
            return;
        }
        int d = (int)(word & 31);
        e.BeginFloat();
        e.RequireReady();
        e.LoadFloat(from, VectorRegister.Xmm1, (int)(word >> 5 & 31));
        e.A.VectorUnary(FloatOp.Cvtpd2ps, VectorRegister.Xmm0, VectorRegister.Xmm1);
        e.RequireOrdinary(to, ExactZeros.OfZeroOperand, from);
        if ((word >> 30 & 1) != 0)
        {
            e.LoadVector(8, VectorRegister.Xmm1, d);
            e.A.Vector(VectorOp.Punpcklqdq, VectorRegister.Xmm0, VectorRegister.Xmm1, VectorRegister.Xmm0);
        }
        e.StoreVector(d, VectorRegister.Xmm0);
        e.EndFloat();
    }
}
