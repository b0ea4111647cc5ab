namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>The A64 instruction set: every group this core implements, in the order of DDI0487 C4.1.</summary>
public static class A64
{
    /// <summary>All groups.</summary>
    public static IReadOnlyList<EncodingGroup> Groups { get; } =
    [
        // One line per group file in this folder.
        SimdStructureEncodings.Multiple, SimdStructureEncodings.MultiplePostIndexed,
        SimdStructureEncodings.Single, SimdStructureEncodings.SinglePostIndexed,
        LoadStoreExclusiveEncodings.Register, LoadStoreExclusiveEncodings.Pair, LoadStoreExclusiveEncodings.Ordered,
        LoadStoreExclusiveEncodings.CompareAndSwap, LoadStoreExclusiveEncodings.CompareAndSwapPair,
        LoadLiteralEncodings.Group,
        LoadStorePairEncodings.NoAllocate, LoadStorePairEncodings.PostIndexed,
        LoadStorePairEncodings.Offset, LoadStorePairEncodings.PreIndexed,
        LoadStoreImmediateEncodings.Unscaled, LoadStoreImmediateEncodings.PostIndexed, LoadStoreImmediateEncodings.Unprivileged,
        LoadStoreImmediateEncodings.PreIndexed, LoadStoreImmediateEncodings.UnsignedOffset,
        AtomicMemoryEncodings.Group,
        LoadStoreRegisterOffsetEncodings.Group,
        DataProcessingImmediateEncodings.Group,
        ExceptionEncodings.Group,
        SystemEncodings.Group,
        BranchEncodings.Group,
        DataProcessingRegisterEncodings.Group,
        CryptographicEncodings.Group,
        SimdThreeSameEncodings.Group, SimdScalarThreeSameEncodings.Group,
        SimdThreeDifferentEncodings.Group, SimdScalarThreeDifferentEncodings.Group,
        SimdTwoRegisterMiscellaneousEncodings.Group, SimdScalarTwoRegisterMiscellaneousEncodings.Group,
        SimdAcrossLanesEncodings.Group, SimdScalarPairwiseEncodings.Group,
        SimdCopyEncodings.Group, SimdPermuteEncodings.Group, SimdModifiedImmediateEncodings.Group,
        SimdShiftImmediateEncodings.Group, SimdScalarShiftImmediateEncodings.Group,
        SimdByElementEncodings.Group, SimdScalarByElementEncodings.Group,
        FloatingPointDataProcessingEncodings.Group, FloatingPointCompareEncodings.Group, FloatingPointConversionEncodings.Group,
        AdvancedSimdFpThreeSameEncodings.Group, AdvancedSimdFpTwoRegisterEncodings.Group, AdvancedSimdFpReductionEncodings.Group,
        AdvancedSimdFpByElementEncodings.Group, AdvancedSimdFpShiftEncodings.Group,
    ];
}
