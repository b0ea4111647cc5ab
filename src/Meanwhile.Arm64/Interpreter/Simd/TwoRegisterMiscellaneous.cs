using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>Advanced SIMD two-register miscellaneous, vector and scalar.</summary>
internal static unsafe class TwoRegisterMiscellaneous
{
    public static void Register(Binders b)
    {
        b.Add(SimdTwoRegisterMiscellaneousEncodings.REV64, &Bind.Unsigned<Rev64>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.REV32, &Bind.Unsigned<Rev32>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.REV16, &Bind.Unsigned<Rev16>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.SADDLP, &Bind.PairsLong<PairwiseLong>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.UADDLP, &Bind.PairsLong<PairwiseLong>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.SADALP, &Bind.PairsLong<PairwiseLongAccumulate>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.UADALP, &Bind.PairsLong<PairwiseLongAccumulate>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.SUQADD, &Bind.Unsigned<Lanes<SignedPlusUnsigned>>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.USQADD, &Bind.Unsigned<Lanes<UnsignedPlusSigned>>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.CLS, &Bind.Signed<Lanes<Cls>>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.CLZ, &Bind.Unsigned<Lanes<Clz>>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.SQABS, &Bind.Signed<Lanes<QAbs>>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.SQNEG, &Bind.Signed<Lanes<QNeg>>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.CMGT_zero, &Bind.Signed<CmGtZero>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.CMGE_zero, &Bind.Signed<CmGeZero>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.CMEQ_zero, &Bind.Signed<CmEqZero>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.CMLE_zero, &Bind.Signed<CmLeZero>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.CMLT_zero, &Bind.Signed<CmLtZero>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.ABS, &Bind.Signed<Abs>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.NEG, &Bind.Signed<Neg>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.XTN, &BindShift.Extract<NarrowingShift>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.SQXTN, &BindShift.Extract<ShiftLanes<NarrowingShiftSaturating>>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.UQXTN, &BindShift.Extract<ShiftLanes<NarrowingShiftSaturating>>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.SQXTUN, &BindShift.ExtractSigned<ShiftLanes<NarrowingShiftSaturatingToUnsigned>>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.SHLL, &BindShift.LongByLane);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.CNT, &Bind.Bytes<Cnt>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.NOT, &Bind.Bytes<Not>);
        b.Add(SimdTwoRegisterMiscellaneousEncodings.RBIT, &Bind.Bytes<Rbit>);

        b.Add(SimdScalarTwoRegisterMiscellaneousEncodings.SUQADD, &Bind.ScalarUnsigned<Lanes<SignedPlusUnsigned>>);
        b.Add(SimdScalarTwoRegisterMiscellaneousEncodings.USQADD, &Bind.ScalarUnsigned<Lanes<UnsignedPlusSigned>>);
        b.Add(SimdScalarTwoRegisterMiscellaneousEncodings.SQABS, &Bind.ScalarSigned<Lanes<QAbs>>);
        b.Add(SimdScalarTwoRegisterMiscellaneousEncodings.SQNEG, &Bind.ScalarSigned<Lanes<QNeg>>);
        b.Add(SimdScalarTwoRegisterMiscellaneousEncodings.CMGT_zero, &Bind.ScalarSigned<CmGtZero>);
        b.Add(SimdScalarTwoRegisterMiscellaneousEncodings.CMGE_zero, &Bind.ScalarSigned<CmGeZero>);
        b.Add(SimdScalarTwoRegisterMiscellaneousEncodings.CMEQ_zero, &Bind.ScalarSigned<CmEqZero>);
        b.Add(SimdScalarTwoRegisterMiscellaneousEncodings.CMLE_zero, &Bind.ScalarSigned<CmLeZero>);
        b.Add(SimdScalarTwoRegisterMiscellaneousEncodings.CMLT_zero, &Bind.ScalarSigned<CmLtZero>);
        b.Add(SimdScalarTwoRegisterMiscellaneousEncodings.ABS, &Bind.ScalarSigned<Abs>);
        b.Add(SimdScalarTwoRegisterMiscellaneousEncodings.NEG, &Bind.ScalarSigned<Neg>);
        b.Add(SimdScalarTwoRegisterMiscellaneousEncodings.SQXTN, &BindShift.ScalarExtract<ShiftLanes<NarrowingShiftSaturating>>);
        b.Add(SimdScalarTwoRegisterMiscellaneousEncodings.UQXTN, &BindShift.ScalarExtract<ShiftLanes<NarrowingShiftSaturating>>);
        b.Add(SimdScalarTwoRegisterMiscellaneousEncodings.SQXTUN, &BindShift.ScalarExtractSigned<ShiftLanes<NarrowingShiftSaturatingToUnsigned>>);
    }
}
