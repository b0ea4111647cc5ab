namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Load/store pair (DDI0487 C4.1.66).</summary>
#pragma warning disable CS1591 // The manual's names of the instructions document themselves.
public static class LoadStorePairEncodings
{
    /// <summary>Load/store no-allocate pair (offset).</summary>
    public static readonly EncodingGroup NoAllocate = new("Load/store no-allocate pair (offset)");

    public static readonly Encoding STNP_noalloc = NoAllocate.Add("STNP", "sf:1 0 101 0 000 0 imm7:7 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding LDNP_noalloc = NoAllocate.Add("LDNP", "sf:1 0 101 0 000 1 imm7:7 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding STNP_fp_noalloc = NoAllocate.Add("STNP (SIMD&FP)", "opc:2 101 1 000 0 imm7:7 Rt2:5 Rn:5 Rt:5", SizeIsAllocated);
    public static readonly Encoding LDNP_fp_noalloc = NoAllocate.Add("LDNP (SIMD&FP)", "opc:2 101 1 000 1 imm7:7 Rt2:5 Rn:5 Rt:5", SizeIsAllocated);

    /// <summary>Load/store register pair (post-indexed).</summary>
    public static readonly EncodingGroup PostIndexed = new("Load/store register pair (post-indexed)");

    public static readonly Encoding STP_post = PostIndexed.Add("STP (post-indexed)", "sf:1 0 101 0 001 0 imm7:7 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding LDP_post = PostIndexed.Add("LDP (post-indexed)", "sf:1 0 101 0 001 1 imm7:7 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding LDPSW_post = PostIndexed.Add("LDPSW (post-indexed)", "01 101 0 001 1 imm7:7 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding STP_fp_post = PostIndexed.Add("STP (post-indexed, SIMD&FP)", "opc:2 101 1 001 0 imm7:7 Rt2:5 Rn:5 Rt:5", SizeIsAllocated);
    public static readonly Encoding LDP_fp_post = PostIndexed.Add("LDP (post-indexed, SIMD&FP)", "opc:2 101 1 001 1 imm7:7 Rt2:5 Rn:5 Rt:5", SizeIsAllocated);

    /// <summary>Load/store register pair (offset).</summary>
    public static readonly EncodingGroup Offset = new("Load/store register pair (offset)");

    public static readonly Encoding STP_offset = Offset.Add("STP (signed offset)", "sf:1 0 101 0 010 0 imm7:7 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding LDP_offset = Offset.Add("LDP (signed offset)", "sf:1 0 101 0 010 1 imm7:7 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding LDPSW_offset = Offset.Add("LDPSW (signed offset)", "01 101 0 010 1 imm7:7 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding STP_fp_offset = Offset.Add("STP (signed offset, SIMD&FP)", "opc:2 101 1 010 0 imm7:7 Rt2:5 Rn:5 Rt:5", SizeIsAllocated);
    public static readonly Encoding LDP_fp_offset = Offset.Add("LDP (signed offset, SIMD&FP)", "opc:2 101 1 010 1 imm7:7 Rt2:5 Rn:5 Rt:5", SizeIsAllocated);

    /// <summary>Load/store register pair (pre-indexed).</summary>
    public static readonly EncodingGroup PreIndexed = new("Load/store register pair (pre-indexed)");

    public static readonly Encoding STP_pre = PreIndexed.Add("STP (pre-indexed)", "sf:1 0 101 0 011 0 imm7:7 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding LDP_pre = PreIndexed.Add("LDP (pre-indexed)", "sf:1 0 101 0 011 1 imm7:7 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding LDPSW_pre = PreIndexed.Add("LDPSW (pre-indexed)", "01 101 0 011 1 imm7:7 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding STP_fp_pre = PreIndexed.Add("STP (pre-indexed, SIMD&FP)", "opc:2 101 1 011 0 imm7:7 Rt2:5 Rn:5 Rt:5", SizeIsAllocated);
    public static readonly Encoding LDP_fp_pre = PreIndexed.Add("LDP (pre-indexed, SIMD&FP)", "opc:2 101 1 011 1 imm7:7 Rt2:5 Rn:5 Rt:5", SizeIsAllocated);

    /// <summary>opc is S, D or Q.</summary>
    private static bool SizeIsAllocated(uint word) => word >> 30 != 3;
}
