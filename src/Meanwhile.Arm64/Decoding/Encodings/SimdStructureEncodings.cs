namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Advanced SIMD load/store of multiple and single structures (DDI0487 C4.1.66).</summary>
#pragma warning disable CS1591 // The manual's names of the instructions document themselves.
public static class SimdStructureEncodings
{
    /// <summary>Advanced SIMD load/store multiple structures.</summary>
    public static readonly EncodingGroup Multiple = new("Advanced SIMD load/store multiple structures");

    public static readonly Encoding ST4_multiple = Multiple.Add("ST4 (multiple structures)", "0 Q:1 0011000 0 000000 0000 size:2 Rn:5 Rt:5", ArrangementIsAllocated);
    public static readonly Encoding ST1_4r_multiple = Multiple.Add("ST1 (multiple structures, 4 registers)", "0 Q:1 0011000 0 000000 0010 size:2 Rn:5 Rt:5");
    public static readonly Encoding ST3_multiple = Multiple.Add("ST3 (multiple structures)", "0 Q:1 0011000 0 000000 0100 size:2 Rn:5 Rt:5", ArrangementIsAllocated);
    public static readonly Encoding ST1_3r_multiple = Multiple.Add("ST1 (multiple structures, 3 registers)", "0 Q:1 0011000 0 000000 0110 size:2 Rn:5 Rt:5");
    public static readonly Encoding ST1_1r_multiple = Multiple.Add("ST1 (multiple structures, 1 registers)", "0 Q:1 0011000 0 000000 0111 size:2 Rn:5 Rt:5");
    public static readonly Encoding ST2_multiple = Multiple.Add("ST2 (multiple structures)", "0 Q:1 0011000 0 000000 1000 size:2 Rn:5 Rt:5", ArrangementIsAllocated);
    public static readonly Encoding ST1_2r_multiple = Multiple.Add("ST1 (multiple structures, 2 registers)", "0 Q:1 0011000 0 000000 1010 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD4_multiple = Multiple.Add("LD4 (multiple structures)", "0 Q:1 0011000 1 000000 0000 size:2 Rn:5 Rt:5", ArrangementIsAllocated);
    public static readonly Encoding LD1_4r_multiple = Multiple.Add("LD1 (multiple structures, 4 registers)", "0 Q:1 0011000 1 000000 0010 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD3_multiple = Multiple.Add("LD3 (multiple structures)", "0 Q:1 0011000 1 000000 0100 size:2 Rn:5 Rt:5", ArrangementIsAllocated);
    public static readonly Encoding LD1_3r_multiple = Multiple.Add("LD1 (multiple structures, 3 registers)", "0 Q:1 0011000 1 000000 0110 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD1_1r_multiple = Multiple.Add("LD1 (multiple structures, 1 registers)", "0 Q:1 0011000 1 000000 0111 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD2_multiple = Multiple.Add("LD2 (multiple structures)", "0 Q:1 0011000 1 000000 1000 size:2 Rn:5 Rt:5", ArrangementIsAllocated);
    public static readonly Encoding LD1_2r_multiple = Multiple.Add("LD1 (multiple structures, 2 registers)", "0 Q:1 0011000 1 000000 1010 size:2 Rn:5 Rt:5");

    /// <summary>Advanced SIMD load/store multiple structures (post-indexed).</summary>
    public static readonly EncodingGroup MultiplePostIndexed = new("Advanced SIMD load/store multiple structures (post-indexed)");

    public static readonly Encoding ST4_multiple_post = MultiplePostIndexed.Add("ST4 (multiple structures, post-indexed)", "0 Q:1 0011001 0 0 Rm:5 0000 size:2 Rn:5 Rt:5", ArrangementIsAllocated);
    public static readonly Encoding ST1_4r_multiple_post = MultiplePostIndexed.Add("ST1 (multiple structures, 4 registers, post-indexed)", "0 Q:1 0011001 0 0 Rm:5 0010 size:2 Rn:5 Rt:5");
    public static readonly Encoding ST3_multiple_post = MultiplePostIndexed.Add("ST3 (multiple structures, post-indexed)", "0 Q:1 0011001 0 0 Rm:5 0100 size:2 Rn:5 Rt:5", ArrangementIsAllocated);
    public static readonly Encoding ST1_3r_multiple_post = MultiplePostIndexed.Add("ST1 (multiple structures, 3 registers, post-indexed)", "0 Q:1 0011001 0 0 Rm:5 0110 size:2 Rn:5 Rt:5");
    public static readonly Encoding ST1_1r_multiple_post = MultiplePostIndexed.Add("ST1 (multiple structures, 1 registers, post-indexed)", "0 Q:1 0011001 0 0 Rm:5 0111 size:2 Rn:5 Rt:5");
    public static readonly Encoding ST2_multiple_post = MultiplePostIndexed.Add("ST2 (multiple structures, post-indexed)", "0 Q:1 0011001 0 0 Rm:5 1000 size:2 Rn:5 Rt:5", ArrangementIsAllocated);
    public static readonly Encoding ST1_2r_multiple_post = MultiplePostIndexed.Add("ST1 (multiple structures, 2 registers, post-indexed)", "0 Q:1 0011001 0 0 Rm:5 1010 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD4_multiple_post = MultiplePostIndexed.Add("LD4 (multiple structures, post-indexed)", "0 Q:1 0011001 1 0 Rm:5 0000 size:2 Rn:5 Rt:5", ArrangementIsAllocated);
    public static readonly Encoding LD1_4r_multiple_post = MultiplePostIndexed.Add("LD1 (multiple structures, 4 registers, post-indexed)", "0 Q:1 0011001 1 0 Rm:5 0010 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD3_multiple_post = MultiplePostIndexed.Add("LD3 (multiple structures, post-indexed)", "0 Q:1 0011001 1 0 Rm:5 0100 size:2 Rn:5 Rt:5", ArrangementIsAllocated);
    public static readonly Encoding LD1_3r_multiple_post = MultiplePostIndexed.Add("LD1 (multiple structures, 3 registers, post-indexed)", "0 Q:1 0011001 1 0 Rm:5 0110 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD1_1r_multiple_post = MultiplePostIndexed.Add("LD1 (multiple structures, 1 registers, post-indexed)", "0 Q:1 0011001 1 0 Rm:5 0111 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD2_multiple_post = MultiplePostIndexed.Add("LD2 (multiple structures, post-indexed)", "0 Q:1 0011001 1 0 Rm:5 1000 size:2 Rn:5 Rt:5", ArrangementIsAllocated);
    public static readonly Encoding LD1_2r_multiple_post = MultiplePostIndexed.Add("LD1 (multiple structures, 2 registers, post-indexed)", "0 Q:1 0011001 1 0 Rm:5 1010 size:2 Rn:5 Rt:5");

    /// <summary>Advanced SIMD load/store single structure.</summary>
    public static readonly EncodingGroup Single = new("Advanced SIMD load/store single structure");

    public static readonly Encoding ST1_b_single = Single.Add("ST1 (single structure, 8-bit)", "0 Q:1 0011010 0 0 00000 000 S:1 size:2 Rn:5 Rt:5");
    public static readonly Encoding ST1_h_single = Single.Add("ST1 (single structure, 16-bit)", "0 Q:1 0011010 0 0 00000 010 S:1 size1:1 0 Rn:5 Rt:5");
    public static readonly Encoding ST1_s_single = Single.Add("ST1 (single structure, 32-bit)", "0 Q:1 0011010 0 0 00000 100 S:1 00 Rn:5 Rt:5");
    public static readonly Encoding ST1_d_single = Single.Add("ST1 (single structure, 64-bit)", "0 Q:1 0011010 0 0 00000 100 0 01 Rn:5 Rt:5");
    public static readonly Encoding ST2_b_single = Single.Add("ST2 (single structure, 8-bit)", "0 Q:1 0011010 0 1 00000 000 S:1 size:2 Rn:5 Rt:5");
    public static readonly Encoding ST2_h_single = Single.Add("ST2 (single structure, 16-bit)", "0 Q:1 0011010 0 1 00000 010 S:1 size1:1 0 Rn:5 Rt:5");
    public static readonly Encoding ST2_s_single = Single.Add("ST2 (single structure, 32-bit)", "0 Q:1 0011010 0 1 00000 100 S:1 00 Rn:5 Rt:5");
    public static readonly Encoding ST2_d_single = Single.Add("ST2 (single structure, 64-bit)", "0 Q:1 0011010 0 1 00000 100 0 01 Rn:5 Rt:5");
    public static readonly Encoding ST3_b_single = Single.Add("ST3 (single structure, 8-bit)", "0 Q:1 0011010 0 0 00000 001 S:1 size:2 Rn:5 Rt:5");
    public static readonly Encoding ST3_h_single = Single.Add("ST3 (single structure, 16-bit)", "0 Q:1 0011010 0 0 00000 011 S:1 size1:1 0 Rn:5 Rt:5");
    public static readonly Encoding ST3_s_single = Single.Add("ST3 (single structure, 32-bit)", "0 Q:1 0011010 0 0 00000 101 S:1 00 Rn:5 Rt:5");
    public static readonly Encoding ST3_d_single = Single.Add("ST3 (single structure, 64-bit)", "0 Q:1 0011010 0 0 00000 101 0 01 Rn:5 Rt:5");
    public static readonly Encoding ST4_b_single = Single.Add("ST4 (single structure, 8-bit)", "0 Q:1 0011010 0 1 00000 001 S:1 size:2 Rn:5 Rt:5");
    public static readonly Encoding ST4_h_single = Single.Add("ST4 (single structure, 16-bit)", "0 Q:1 0011010 0 1 00000 011 S:1 size1:1 0 Rn:5 Rt:5");
    public static readonly Encoding ST4_s_single = Single.Add("ST4 (single structure, 32-bit)", "0 Q:1 0011010 0 1 00000 101 S:1 00 Rn:5 Rt:5");
    public static readonly Encoding ST4_d_single = Single.Add("ST4 (single structure, 64-bit)", "0 Q:1 0011010 0 1 00000 101 0 01 Rn:5 Rt:5");
    public static readonly Encoding LD1_b_single = Single.Add("LD1 (single structure, 8-bit)", "0 Q:1 0011010 1 0 00000 000 S:1 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD1_h_single = Single.Add("LD1 (single structure, 16-bit)", "0 Q:1 0011010 1 0 00000 010 S:1 size1:1 0 Rn:5 Rt:5");
    public static readonly Encoding LD1_s_single = Single.Add("LD1 (single structure, 32-bit)", "0 Q:1 0011010 1 0 00000 100 S:1 00 Rn:5 Rt:5");
    public static readonly Encoding LD1_d_single = Single.Add("LD1 (single structure, 64-bit)", "0 Q:1 0011010 1 0 00000 100 0 01 Rn:5 Rt:5");
    public static readonly Encoding LD1R_single = Single.Add("LD1R", "0 Q:1 0011010 1 0 00000 110 0 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD2_b_single = Single.Add("LD2 (single structure, 8-bit)", "0 Q:1 0011010 1 1 00000 000 S:1 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD2_h_single = Single.Add("LD2 (single structure, 16-bit)", "0 Q:1 0011010 1 1 00000 010 S:1 size1:1 0 Rn:5 Rt:5");
    public static readonly Encoding LD2_s_single = Single.Add("LD2 (single structure, 32-bit)", "0 Q:1 0011010 1 1 00000 100 S:1 00 Rn:5 Rt:5");
    public static readonly Encoding LD2_d_single = Single.Add("LD2 (single structure, 64-bit)", "0 Q:1 0011010 1 1 00000 100 0 01 Rn:5 Rt:5");
    public static readonly Encoding LD2R_single = Single.Add("LD2R", "0 Q:1 0011010 1 1 00000 110 0 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD3_b_single = Single.Add("LD3 (single structure, 8-bit)", "0 Q:1 0011010 1 0 00000 001 S:1 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD3_h_single = Single.Add("LD3 (single structure, 16-bit)", "0 Q:1 0011010 1 0 00000 011 S:1 size1:1 0 Rn:5 Rt:5");
    public static readonly Encoding LD3_s_single = Single.Add("LD3 (single structure, 32-bit)", "0 Q:1 0011010 1 0 00000 101 S:1 00 Rn:5 Rt:5");
    public static readonly Encoding LD3_d_single = Single.Add("LD3 (single structure, 64-bit)", "0 Q:1 0011010 1 0 00000 101 0 01 Rn:5 Rt:5");
    public static readonly Encoding LD3R_single = Single.Add("LD3R", "0 Q:1 0011010 1 0 00000 111 0 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD4_b_single = Single.Add("LD4 (single structure, 8-bit)", "0 Q:1 0011010 1 1 00000 001 S:1 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD4_h_single = Single.Add("LD4 (single structure, 16-bit)", "0 Q:1 0011010 1 1 00000 011 S:1 size1:1 0 Rn:5 Rt:5");
    public static readonly Encoding LD4_s_single = Single.Add("LD4 (single structure, 32-bit)", "0 Q:1 0011010 1 1 00000 101 S:1 00 Rn:5 Rt:5");
    public static readonly Encoding LD4_d_single = Single.Add("LD4 (single structure, 64-bit)", "0 Q:1 0011010 1 1 00000 101 0 01 Rn:5 Rt:5");
    public static readonly Encoding LD4R_single = Single.Add("LD4R", "0 Q:1 0011010 1 1 00000 111 0 size:2 Rn:5 Rt:5");

    /// <summary>Advanced SIMD load/store single structure (post-indexed).</summary>
    public static readonly EncodingGroup SinglePostIndexed = new("Advanced SIMD load/store single structure (post-indexed)");

    public static readonly Encoding ST1_b_single_post = SinglePostIndexed.Add("ST1 (single structure, 8-bit, post-indexed)", "0 Q:1 0011011 0 0 Rm:5 000 S:1 size:2 Rn:5 Rt:5");
    public static readonly Encoding ST1_h_single_post = SinglePostIndexed.Add("ST1 (single structure, 16-bit, post-indexed)", "0 Q:1 0011011 0 0 Rm:5 010 S:1 size1:1 0 Rn:5 Rt:5");
    public static readonly Encoding ST1_s_single_post = SinglePostIndexed.Add("ST1 (single structure, 32-bit, post-indexed)", "0 Q:1 0011011 0 0 Rm:5 100 S:1 00 Rn:5 Rt:5");
    public static readonly Encoding ST1_d_single_post = SinglePostIndexed.Add("ST1 (single structure, 64-bit, post-indexed)", "0 Q:1 0011011 0 0 Rm:5 100 0 01 Rn:5 Rt:5");
    public static readonly Encoding ST2_b_single_post = SinglePostIndexed.Add("ST2 (single structure, 8-bit, post-indexed)", "0 Q:1 0011011 0 1 Rm:5 000 S:1 size:2 Rn:5 Rt:5");
    public static readonly Encoding ST2_h_single_post = SinglePostIndexed.Add("ST2 (single structure, 16-bit, post-indexed)", "0 Q:1 0011011 0 1 Rm:5 010 S:1 size1:1 0 Rn:5 Rt:5");
    public static readonly Encoding ST2_s_single_post = SinglePostIndexed.Add("ST2 (single structure, 32-bit, post-indexed)", "0 Q:1 0011011 0 1 Rm:5 100 S:1 00 Rn:5 Rt:5");
    public static readonly Encoding ST2_d_single_post = SinglePostIndexed.Add("ST2 (single structure, 64-bit, post-indexed)", "0 Q:1 0011011 0 1 Rm:5 100 0 01 Rn:5 Rt:5");
    public static readonly Encoding ST3_b_single_post = SinglePostIndexed.Add("ST3 (single structure, 8-bit, post-indexed)", "0 Q:1 0011011 0 0 Rm:5 001 S:1 size:2 Rn:5 Rt:5");
    public static readonly Encoding ST3_h_single_post = SinglePostIndexed.Add("ST3 (single structure, 16-bit, post-indexed)", "0 Q:1 0011011 0 0 Rm:5 011 S:1 size1:1 0 Rn:5 Rt:5");
    public static readonly Encoding ST3_s_single_post = SinglePostIndexed.Add("ST3 (single structure, 32-bit, post-indexed)", "0 Q:1 0011011 0 0 Rm:5 101 S:1 00 Rn:5 Rt:5");
    public static readonly Encoding ST3_d_single_post = SinglePostIndexed.Add("ST3 (single structure, 64-bit, post-indexed)", "0 Q:1 0011011 0 0 Rm:5 101 0 01 Rn:5 Rt:5");
    public static readonly Encoding ST4_b_single_post = SinglePostIndexed.Add("ST4 (single structure, 8-bit, post-indexed)", "0 Q:1 0011011 0 1 Rm:5 001 S:1 size:2 Rn:5 Rt:5");
    public static readonly Encoding ST4_h_single_post = SinglePostIndexed.Add("ST4 (single structure, 16-bit, post-indexed)", "0 Q:1 0011011 0 1 Rm:5 011 S:1 size1:1 0 Rn:5 Rt:5");
    public static readonly Encoding ST4_s_single_post = SinglePostIndexed.Add("ST4 (single structure, 32-bit, post-indexed)", "0 Q:1 0011011 0 1 Rm:5 101 S:1 00 Rn:5 Rt:5");
    public static readonly Encoding ST4_d_single_post = SinglePostIndexed.Add("ST4 (single structure, 64-bit, post-indexed)", "0 Q:1 0011011 0 1 Rm:5 101 0 01 Rn:5 Rt:5");
    public static readonly Encoding LD1_b_single_post = SinglePostIndexed.Add("LD1 (single structure, 8-bit, post-indexed)", "0 Q:1 0011011 1 0 Rm:5 000 S:1 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD1_h_single_post = SinglePostIndexed.Add("LD1 (single structure, 16-bit, post-indexed)", "0 Q:1 0011011 1 0 Rm:5 010 S:1 size1:1 0 Rn:5 Rt:5");
    public static readonly Encoding LD1_s_single_post = SinglePostIndexed.Add("LD1 (single structure, 32-bit, post-indexed)", "0 Q:1 0011011 1 0 Rm:5 100 S:1 00 Rn:5 Rt:5");
    public static readonly Encoding LD1_d_single_post = SinglePostIndexed.Add("LD1 (single structure, 64-bit, post-indexed)", "0 Q:1 0011011 1 0 Rm:5 100 0 01 Rn:5 Rt:5");
    public static readonly Encoding LD1R_single_post = SinglePostIndexed.Add("LD1R (post-indexed)", "0 Q:1 0011011 1 0 Rm:5 110 0 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD2_b_single_post = SinglePostIndexed.Add("LD2 (single structure, 8-bit, post-indexed)", "0 Q:1 0011011 1 1 Rm:5 000 S:1 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD2_h_single_post = SinglePostIndexed.Add("LD2 (single structure, 16-bit, post-indexed)", "0 Q:1 0011011 1 1 Rm:5 010 S:1 size1:1 0 Rn:5 Rt:5");
    public static readonly Encoding LD2_s_single_post = SinglePostIndexed.Add("LD2 (single structure, 32-bit, post-indexed)", "0 Q:1 0011011 1 1 Rm:5 100 S:1 00 Rn:5 Rt:5");
    public static readonly Encoding LD2_d_single_post = SinglePostIndexed.Add("LD2 (single structure, 64-bit, post-indexed)", "0 Q:1 0011011 1 1 Rm:5 100 0 01 Rn:5 Rt:5");
    public static readonly Encoding LD2R_single_post = SinglePostIndexed.Add("LD2R (post-indexed)", "0 Q:1 0011011 1 1 Rm:5 110 0 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD3_b_single_post = SinglePostIndexed.Add("LD3 (single structure, 8-bit, post-indexed)", "0 Q:1 0011011 1 0 Rm:5 001 S:1 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD3_h_single_post = SinglePostIndexed.Add("LD3 (single structure, 16-bit, post-indexed)", "0 Q:1 0011011 1 0 Rm:5 011 S:1 size1:1 0 Rn:5 Rt:5");
    public static readonly Encoding LD3_s_single_post = SinglePostIndexed.Add("LD3 (single structure, 32-bit, post-indexed)", "0 Q:1 0011011 1 0 Rm:5 101 S:1 00 Rn:5 Rt:5");
    public static readonly Encoding LD3_d_single_post = SinglePostIndexed.Add("LD3 (single structure, 64-bit, post-indexed)", "0 Q:1 0011011 1 0 Rm:5 101 0 01 Rn:5 Rt:5");
    public static readonly Encoding LD3R_single_post = SinglePostIndexed.Add("LD3R (post-indexed)", "0 Q:1 0011011 1 0 Rm:5 111 0 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD4_b_single_post = SinglePostIndexed.Add("LD4 (single structure, 8-bit, post-indexed)", "0 Q:1 0011011 1 1 Rm:5 001 S:1 size:2 Rn:5 Rt:5");
    public static readonly Encoding LD4_h_single_post = SinglePostIndexed.Add("LD4 (single structure, 16-bit, post-indexed)", "0 Q:1 0011011 1 1 Rm:5 011 S:1 size1:1 0 Rn:5 Rt:5");
    public static readonly Encoding LD4_s_single_post = SinglePostIndexed.Add("LD4 (single structure, 32-bit, post-indexed)", "0 Q:1 0011011 1 1 Rm:5 101 S:1 00 Rn:5 Rt:5");
    public static readonly Encoding LD4_d_single_post = SinglePostIndexed.Add("LD4 (single structure, 64-bit, post-indexed)", "0 Q:1 0011011 1 1 Rm:5 101 0 01 Rn:5 Rt:5");
    public static readonly Encoding LD4R_single_post = SinglePostIndexed.Add("LD4R (post-indexed)", "0 Q:1 0011011 1 1 Rm:5 111 0 size:2 Rn:5 Rt:5");

    /// <summary>1D is reserved where structures have more than one element.</summary>
    private static bool ArrangementIsAllocated(uint word) => (word & 0x4000_0C00) != 0x0000_0C00;
}
