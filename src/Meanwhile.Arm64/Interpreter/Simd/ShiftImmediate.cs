using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>Advanced SIMD shift by immediate, vector and scalar.</summary>
internal static unsafe class ShiftImmediate
{
    public static void Register(Binders b)
    {
        b.Add(SimdShiftImmediateEncodings.SSHR, &BindShift.Right<ShiftRight>);
        b.Add(SimdShiftImmediateEncodings.USHR, &BindShift.Right<ShiftRight>);
        b.Add(SimdShiftImmediateEncodings.SSRA, &BindShift.Right<ShiftRightAccumulate>);
        b.Add(SimdShiftImmediateEncodings.USRA, &BindShift.Right<ShiftRightAccumulate>);
        b.Add(SimdShiftImmediateEncodings.SRSHR, &BindShift.Right<ShiftRightRounding>);
        b.Add(SimdShiftImmediateEncodings.URSHR, &BindShift.Right<ShiftRightRounding>);
        b.Add(SimdShiftImmediateEncodings.SRSRA, &BindShift.Right<ShiftRightRoundingAccumulate>);
        b.Add(SimdShiftImmediateEncodings.URSRA, &BindShift.Right<ShiftRightRoundingAccumulate>);
        b.Add(SimdShiftImmediateEncodings.SRI, &BindShift.Right<ShiftRightInsert>);
        b.Add(SimdShiftImmediateEncodings.SHL, &BindShift.Left<ShiftLeft>);
        b.Add(SimdShiftImmediateEncodings.SLI, &BindShift.Left<ShiftLeftInsert>);
        b.Add(SimdShiftImmediateEncodings.SQSHLU, &BindShift.Left<ShiftLanes<ShiftLeftSaturatingToUnsigned>>);
        b.Add(SimdShiftImmediateEncodings.SQSHL, &BindShift.Left<ShiftLanes<ShiftLeftSaturating>>);
        b.Add(SimdShiftImmediateEncodings.UQSHL, &BindShift.Left<ShiftLanes<ShiftLeftSaturating>>);
        b.Add(SimdShiftImmediateEncodings.SHRN, &BindShift.Narrow<NarrowingShift>);
        b.Add(SimdShiftImmediateEncodings.RSHRN, &BindShift.Narrow<ShiftRightRounding>);
        b.Add(SimdShiftImmediateEncodings.SQSHRUN, &BindShift.NarrowSigned<ShiftLanes<NarrowingShiftSaturatingToUnsigned>>);
        b.Add(SimdShiftImmediateEncodings.SQRSHRUN, &BindShift.NarrowSigned<ShiftLanes<NarrowingShiftSaturatingRoundingToUnsigned>>);
        b.Add(SimdShiftImmediateEncodings.SQSHRN, &BindShift.Narrow<ShiftLanes<NarrowingShiftSaturating>>);
        b.Add(SimdShiftImmediateEncodings.UQSHRN, &BindShift.Narrow<ShiftLanes<NarrowingShiftSaturating>>);
        b.Add(SimdShiftImmediateEncodings.SQRSHRN, &BindShift.Narrow<ShiftLanes<NarrowingShiftSaturatingRounding>>);
        b.Add(SimdShiftImmediateEncodings.UQRSHRN, &BindShift.Narrow<ShiftLanes<NarrowingShiftSaturatingRounding>>);
        b.Add(SimdShiftImmediateEncodings.SSHLL, &BindShift.Long);
        b.Add(SimdShiftImmediateEncodings.USHLL, &BindShift.Long);

        b.Add(SimdScalarShiftImmediateEncodings.SSHR, &BindShift.ScalarRight<ShiftRight>);
        b.Add(SimdScalarShiftImmediateEncodings.USHR, &BindShift.ScalarRight<ShiftRight>);
        b.Add(SimdScalarShiftImmediateEncodings.SSRA, &BindShift.ScalarRight<ShiftRightAccumulate>);
        b.Add(SimdScalarShiftImmediateEncodings.USRA, &BindShift.ScalarRight<ShiftRightAccumulate>);
        b.Add(SimdScalarShiftImmediateEncodings.SRSHR, &BindShift.ScalarRight<ShiftRightRounding>);
        b.Add(SimdScalarShiftImmediateEncodings.URSHR, &BindShift.ScalarRight<ShiftRightRounding>);
        b.Add(SimdScalarShiftImmediateEncodings.SRSRA, &BindShift.ScalarRight<ShiftRightRoundingAccumulate>);
        b.Add(SimdScalarShiftImmediateEncodings.URSRA, &BindShift.ScalarRight<ShiftRightRoundingAccumulate>);
        b.Add(SimdScalarShiftImmediateEncodings.SRI, &BindShift.ScalarRight<ShiftRightInsert>);
        b.Add(SimdScalarShiftImmediateEncodings.SHL, &BindShift.ScalarLeft<ShiftLeft>);
        b.Add(SimdScalarShiftImmediateEncodings.SLI, &BindShift.ScalarLeft<ShiftLeftInsert>);
        b.Add(SimdScalarShiftImmediateEncodings.SQSHLU, &BindShift.ScalarLeft<ShiftLanes<ShiftLeftSaturatingToUnsigned>>);
        b.Add(SimdScalarShiftImmediateEncodings.SQSHL, &BindShift.ScalarLeft<ShiftLanes<ShiftLeftSaturating>>);
        b.Add(SimdScalarShiftImmediateEncodings.UQSHL, &BindShift.ScalarLeft<ShiftLanes<ShiftLeftSaturating>>);
        b.Add(SimdScalarShiftImmediateEncodings.SQSHRUN, &BindShift.ScalarNarrowSigned<ShiftLanes<NarrowingShiftSaturatingToUnsigned>>);
        b.Add(SimdScalarShiftImmediateEncodings.SQRSHRUN, &BindShift.ScalarNarrowSigned<ShiftLanes<NarrowingShiftSaturatingRoundingToUnsigned>>);
        b.Add(SimdScalarShiftImmediateEncodings.SQSHRN, &BindShift.ScalarNarrow<ShiftLanes<NarrowingShiftSaturating>>);
        b.Add(SimdScalarShiftImmediateEncodings.UQSHRN, &BindShift.ScalarNarrow<ShiftLanes<NarrowingShiftSaturating>>);
        b.Add(SimdScalarShiftImmediateEncodings.SQRSHRN, &BindShift.ScalarNarrow<ShiftLanes<NarrowingShiftSaturatingRounding>>);
        b.Add(SimdScalarShiftImmediateEncodings.UQRSHRN, &BindShift.ScalarNarrow<ShiftLanes<NarrowingShiftSaturatingRounding>>);
    }
}
