namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Load/store register with an immediate offset: unscaled, post-indexed, unprivileged, pre-indexed and unsigned scaled (DDI0487 C4.1.66).</summary>
#pragma warning disable CS1591 // The manual's names of the instructions document themselves.
public static class LoadStoreImmediateEncodings
{
    /// <summary>Load/store register (unsigned immediate).</summary>
    public static readonly EncodingGroup UnsignedOffset = new("Load/store register (unsigned immediate)");

    public static readonly Encoding STRB_imm = UnsignedOffset.Add("STRB (unsigned immediate)", "00 111 0 01 00 imm12:12 Rn:5 Rt:5");
    public static readonly Encoding LDRB_imm = UnsignedOffset.Add("LDRB (unsigned immediate)", "00 111 0 01 01 imm12:12 Rn:5 Rt:5");
    public static readonly Encoding LDRSB_imm = UnsignedOffset.Add("LDRSB (unsigned immediate)", "00 111 0 01 1 opc0:1 imm12:12 Rn:5 Rt:5");
    public static readonly Encoding STRH_imm = UnsignedOffset.Add("STRH (unsigned immediate)", "01 111 0 01 00 imm12:12 Rn:5 Rt:5");
    public static readonly Encoding LDRH_imm = UnsignedOffset.Add("LDRH (unsigned immediate)", "01 111 0 01 01 imm12:12 Rn:5 Rt:5");
    public static readonly Encoding LDRSH_imm = UnsignedOffset.Add("LDRSH (unsigned immediate)", "01 111 0 01 1 opc0:1 imm12:12 Rn:5 Rt:5");
    public static readonly Encoding STR_imm = UnsignedOffset.Add("STR (unsigned immediate)", "1 sz:1 111 0 01 00 imm12:12 Rn:5 Rt:5");
    public static readonly Encoding LDR_imm = UnsignedOffset.Add("LDR (unsigned immediate)", "1 sz:1 111 0 01 01 imm12:12 Rn:5 Rt:5");
    public static readonly Encoding LDRSW_imm = UnsignedOffset.Add("LDRSW (unsigned immediate)", "10 111 0 01 10 imm12:12 Rn:5 Rt:5");
    public static readonly Encoding PRFM_imm = UnsignedOffset.Add("PRFM (unsigned immediate)", "11 111 0 01 10 imm12:12 Rn:5 Rt:5");
    public static readonly Encoding STR_fp_imm = UnsignedOffset.Add("STR (unsigned immediate, SIMD&FP)", "size:2 111 1 01 00 imm12:12 Rn:5 Rt:5");
    public static readonly Encoding LDR_fp_imm = UnsignedOffset.Add("LDR (unsigned immediate, SIMD&FP)", "size:2 111 1 01 01 imm12:12 Rn:5 Rt:5");
    public static readonly Encoding STR_q_imm = UnsignedOffset.Add("STR (unsigned immediate, SIMD&FP, 128-bit)", "00 111 1 01 10 imm12:12 Rn:5 Rt:5");
    public static readonly Encoding LDR_q_imm = UnsignedOffset.Add("LDR (unsigned immediate, SIMD&FP, 128-bit)", "00 111 1 01 11 imm12:12 Rn:5 Rt:5");

    /// <summary>Load/store register (unscaled immediate).</summary>
    public static readonly EncodingGroup Unscaled = new("Load/store register (unscaled immediate)");

    public static readonly Encoding STURB_unscaled = Unscaled.Add("STURB", "00 111 0 00 00 0 imm9:9 00 Rn:5 Rt:5");
    public static readonly Encoding LDURB_unscaled = Unscaled.Add("LDURB", "00 111 0 00 01 0 imm9:9 00 Rn:5 Rt:5");
    public static readonly Encoding LDURSB_unscaled = Unscaled.Add("LDURSB", "00 111 0 00 1 opc0:1 0 imm9:9 00 Rn:5 Rt:5");
    public static readonly Encoding STURH_unscaled = Unscaled.Add("STURH", "01 111 0 00 00 0 imm9:9 00 Rn:5 Rt:5");
    public static readonly Encoding LDURH_unscaled = Unscaled.Add("LDURH", "01 111 0 00 01 0 imm9:9 00 Rn:5 Rt:5");
    public static readonly Encoding LDURSH_unscaled = Unscaled.Add("LDURSH", "01 111 0 00 1 opc0:1 0 imm9:9 00 Rn:5 Rt:5");
    public static readonly Encoding STUR_unscaled = Unscaled.Add("STUR", "1 sz:1 111 0 00 00 0 imm9:9 00 Rn:5 Rt:5");
    public static readonly Encoding LDUR_unscaled = Unscaled.Add("LDUR", "1 sz:1 111 0 00 01 0 imm9:9 00 Rn:5 Rt:5");
    public static readonly Encoding LDURSW_unscaled = Unscaled.Add("LDURSW", "10 111 0 00 10 0 imm9:9 00 Rn:5 Rt:5");
    public static readonly Encoding PRFUM_unscaled = Unscaled.Add("PRFUM", "11 111 0 00 10 0 imm9:9 00 Rn:5 Rt:5");
    public static readonly Encoding STUR_fp_unscaled = Unscaled.Add("STUR (SIMD&FP)", "size:2 111 1 00 00 0 imm9:9 00 Rn:5 Rt:5");
    public static readonly Encoding LDUR_fp_unscaled = Unscaled.Add("LDUR (SIMD&FP)", "size:2 111 1 00 01 0 imm9:9 00 Rn:5 Rt:5");
    public static readonly Encoding STUR_q_unscaled = Unscaled.Add("STUR (SIMD&FP, 128-bit)", "00 111 1 00 10 0 imm9:9 00 Rn:5 Rt:5");
    public static readonly Encoding LDUR_q_unscaled = Unscaled.Add("LDUR (SIMD&FP, 128-bit)", "00 111 1 00 11 0 imm9:9 00 Rn:5 Rt:5");

    /// <summary>Load/store register (immediate post-indexed).</summary>
    public static readonly EncodingGroup PostIndexed = new("Load/store register (immediate post-indexed)");

    public static readonly Encoding STRB_post = PostIndexed.Add("STRB (post-indexed)", "00 111 0 00 00 0 imm9:9 01 Rn:5 Rt:5");
    public static readonly Encoding LDRB_post = PostIndexed.Add("LDRB (post-indexed)", "00 111 0 00 01 0 imm9:9 01 Rn:5 Rt:5");
    public static readonly Encoding LDRSB_post = PostIndexed.Add("LDRSB (post-indexed)", "00 111 0 00 1 opc0:1 0 imm9:9 01 Rn:5 Rt:5");
    public static readonly Encoding STRH_post = PostIndexed.Add("STRH (post-indexed)", "01 111 0 00 00 0 imm9:9 01 Rn:5 Rt:5");
    public static readonly Encoding LDRH_post = PostIndexed.Add("LDRH (post-indexed)", "01 111 0 00 01 0 imm9:9 01 Rn:5 Rt:5");
    public static readonly Encoding LDRSH_post = PostIndexed.Add("LDRSH (post-indexed)", "01 111 0 00 1 opc0:1 0 imm9:9 01 Rn:5 Rt:5");
    public static readonly Encoding STR_post = PostIndexed.Add("STR (post-indexed)", "1 sz:1 111 0 00 00 0 imm9:9 01 Rn:5 Rt:5");
    public static readonly Encoding LDR_post = PostIndexed.Add("LDR (post-indexed)", "1 sz:1 111 0 00 01 0 imm9:9 01 Rn:5 Rt:5");
    public static readonly Encoding LDRSW_post = PostIndexed.Add("LDRSW (post-indexed)", "10 111 0 00 10 0 imm9:9 01 Rn:5 Rt:5");
    public static readonly Encoding STR_fp_post = PostIndexed.Add("STR (post-indexed, SIMD&FP)", "size:2 111 1 00 00 0 imm9:9 01 Rn:5 Rt:5");
    public static readonly Encoding LDR_fp_post = PostIndexed.Add("LDR (post-indexed, SIMD&FP)", "size:2 111 1 00 01 0 imm9:9 01 Rn:5 Rt:5");
    public static readonly Encoding STR_q_post = PostIndexed.Add("STR (post-indexed, SIMD&FP, 128-bit)", "00 111 1 00 10 0 imm9:9 01 Rn:5 Rt:5");
    public static readonly Encoding LDR_q_post = PostIndexed.Add("LDR (post-indexed, SIMD&FP, 128-bit)", "00 111 1 00 11 0 imm9:9 01 Rn:5 Rt:5");

    /// <summary>Load/store register (immediate pre-indexed).</summary>
    public static readonly EncodingGroup PreIndexed = new("Load/store register (immediate pre-indexed)");

    public static readonly Encoding STRB_pre = PreIndexed.Add("STRB (pre-indexed)", "00 111 0 00 00 0 imm9:9 11 Rn:5 Rt:5");
    public static readonly Encoding LDRB_pre = PreIndexed.Add("LDRB (pre-indexed)", "00 111 0 00 01 0 imm9:9 11 Rn:5 Rt:5");
    public static readonly Encoding LDRSB_pre = PreIndexed.Add("LDRSB (pre-indexed)", "00 111 0 00 1 opc0:1 0 imm9:9 11 Rn:5 Rt:5");
    public static readonly Encoding STRH_pre = PreIndexed.Add("STRH (pre-indexed)", "01 111 0 00 00 0 imm9:9 11 Rn:5 Rt:5");
    public static readonly Encoding LDRH_pre = PreIndexed.Add("LDRH (pre-indexed)", "01 111 0 00 01 0 imm9:9 11 Rn:5 Rt:5");
    public static readonly Encoding LDRSH_pre = PreIndexed.Add("LDRSH (pre-indexed)", "01 111 0 00 1 opc0:1 0 imm9:9 11 Rn:5 Rt:5");
    public static readonly Encoding STR_pre = PreIndexed.Add("STR (pre-indexed)", "1 sz:1 111 0 00 00 0 imm9:9 11 Rn:5 Rt:5");
    public static readonly Encoding LDR_pre = PreIndexed.Add("LDR (pre-indexed)", "1 sz:1 111 0 00 01 0 imm9:9 11 Rn:5 Rt:5");
    public static readonly Encoding LDRSW_pre = PreIndexed.Add("LDRSW (pre-indexed)", "10 111 0 00 10 0 imm9:9 11 Rn:5 Rt:5");
    public static readonly Encoding STR_fp_pre = PreIndexed.Add("STR (pre-indexed, SIMD&FP)", "size:2 111 1 00 00 0 imm9:9 11 Rn:5 Rt:5");
    public static readonly Encoding LDR_fp_pre = PreIndexed.Add("LDR (pre-indexed, SIMD&FP)", "size:2 111 1 00 01 0 imm9:9 11 Rn:5 Rt:5");
    public static readonly Encoding STR_q_pre = PreIndexed.Add("STR (pre-indexed, SIMD&FP, 128-bit)", "00 111 1 00 10 0 imm9:9 11 Rn:5 Rt:5");
    public static readonly Encoding LDR_q_pre = PreIndexed.Add("LDR (pre-indexed, SIMD&FP, 128-bit)", "00 111 1 00 11 0 imm9:9 11 Rn:5 Rt:5");

    /// <summary>Load/store register (unprivileged).</summary>
    public static readonly EncodingGroup Unprivileged = new("Load/store register (unprivileged)");

    public static readonly Encoding STTRB_unprivileged = Unprivileged.Add("STTRB", "00 111 0 00 00 0 imm9:9 10 Rn:5 Rt:5");
    public static readonly Encoding LDTRB_unprivileged = Unprivileged.Add("LDTRB", "00 111 0 00 01 0 imm9:9 10 Rn:5 Rt:5");
    public static readonly Encoding LDTRSB_unprivileged = Unprivileged.Add("LDTRSB", "00 111 0 00 1 opc0:1 0 imm9:9 10 Rn:5 Rt:5");
    public static readonly Encoding STTRH_unprivileged = Unprivileged.Add("STTRH", "01 111 0 00 00 0 imm9:9 10 Rn:5 Rt:5");
    public static readonly Encoding LDTRH_unprivileged = Unprivileged.Add("LDTRH", "01 111 0 00 01 0 imm9:9 10 Rn:5 Rt:5");
    public static readonly Encoding LDTRSH_unprivileged = Unprivileged.Add("LDTRSH", "01 111 0 00 1 opc0:1 0 imm9:9 10 Rn:5 Rt:5");
    public static readonly Encoding STTR_unprivileged = Unprivileged.Add("STTR", "1 sz:1 111 0 00 00 0 imm9:9 10 Rn:5 Rt:5");
    public static readonly Encoding LDTR_unprivileged = Unprivileged.Add("LDTR", "1 sz:1 111 0 00 01 0 imm9:9 10 Rn:5 Rt:5");
    public static readonly Encoding LDTRSW_unprivileged = Unprivileged.Add("LDTRSW", "10 111 0 00 10 0 imm9:9 10 Rn:5 Rt:5");
}
