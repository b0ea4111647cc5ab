namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Atomic memory operations of FEAT_LSE (DDI0487 C4.1.66).</summary>
#pragma warning disable CS1591 // The manual's names of the instructions document themselves.
public static class AtomicMemoryEncodings
{
    /// <summary>Atomic memory operations.</summary>
    public static readonly EncodingGroup Group = new("Atomic memory operations");

    public static readonly Encoding LDADD = Group.Add("LDADD, STADD and their sizes and orderings", "size:2 111 0 00 A:1 R:1 1 Rs:5 0 000 00 Rn:5 Rt:5", feature: "FEAT_LSE");
    public static readonly Encoding LDCLR = Group.Add("LDCLR, STCLR and their sizes and orderings", "size:2 111 0 00 A:1 R:1 1 Rs:5 0 001 00 Rn:5 Rt:5", feature: "FEAT_LSE");
    public static readonly Encoding LDEOR = Group.Add("LDEOR, STEOR and their sizes and orderings", "size:2 111 0 00 A:1 R:1 1 Rs:5 0 010 00 Rn:5 Rt:5", feature: "FEAT_LSE");
    public static readonly Encoding LDSET = Group.Add("LDSET, STSET and their sizes and orderings", "size:2 111 0 00 A:1 R:1 1 Rs:5 0 011 00 Rn:5 Rt:5", feature: "FEAT_LSE");
    public static readonly Encoding LDSMAX = Group.Add("LDSMAX, STSMAX and their sizes and orderings", "size:2 111 0 00 A:1 R:1 1 Rs:5 0 100 00 Rn:5 Rt:5", feature: "FEAT_LSE");
    public static readonly Encoding LDSMIN = Group.Add("LDSMIN, STSMIN and their sizes and orderings", "size:2 111 0 00 A:1 R:1 1 Rs:5 0 101 00 Rn:5 Rt:5", feature: "FEAT_LSE");
    public static readonly Encoding LDUMAX = Group.Add("LDUMAX, STUMAX and their sizes and orderings", "size:2 111 0 00 A:1 R:1 1 Rs:5 0 110 00 Rn:5 Rt:5", feature: "FEAT_LSE");
    public static readonly Encoding LDUMIN = Group.Add("LDUMIN, STUMIN and their sizes and orderings", "size:2 111 0 00 A:1 R:1 1 Rs:5 0 111 00 Rn:5 Rt:5", feature: "FEAT_LSE");
    public static readonly Encoding SWP = Group.Add("SWP and its sizes and orderings", "size:2 111 0 00 A:1 R:1 1 Rs:5 1 000 00 Rn:5 Rt:5", feature: "FEAT_LSE");
}
