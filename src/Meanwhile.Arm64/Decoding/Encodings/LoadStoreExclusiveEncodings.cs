namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Exclusives, load-acquire and store-release, compare and swap (DDI0487 C4.1.66).</summary>
/// <remarks>Fields that "should be one" (Rs, Rt2 where they name no register) are not checked: other values are CONSTRAINED UNPREDICTABLE.</remarks>
#pragma warning disable CS1591 // The manual's names of the instructions document themselves.
public static class LoadStoreExclusiveEncodings
{
    /// <summary>Load/store exclusive register.</summary>
    public static readonly EncodingGroup Register = new("Load/store exclusive register");

    public static readonly Encoding STXR = Register.Add("STXR, STXRB, STXRH", "size:2 001000 0 0 0 Rs:5 0 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding STLXR = Register.Add("STLXR, STLXRB, STLXRH", "size:2 001000 0 0 0 Rs:5 1 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding LDXR = Register.Add("LDXR, LDXRB, LDXRH", "size:2 001000 0 1 0 Rs:5 0 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding LDAXR = Register.Add("LDAXR, LDAXRB, LDAXRH", "size:2 001000 0 1 0 Rs:5 1 Rt2:5 Rn:5 Rt:5");

    /// <summary>Load/store exclusive pair.</summary>
    public static readonly EncodingGroup Pair = new("Load/store exclusive pair");

    public static readonly Encoding STXP = Pair.Add("STXP", "1 sz:1 001000 0 0 1 Rs:5 0 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding STLXP = Pair.Add("STLXP", "1 sz:1 001000 0 0 1 Rs:5 1 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding LDXP = Pair.Add("LDXP", "1 sz:1 001000 0 1 1 Rs:5 0 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding LDAXP = Pair.Add("LDAXP", "1 sz:1 001000 0 1 1 Rs:5 1 Rt2:5 Rn:5 Rt:5");

    /// <summary>Load/store ordered.</summary>
    public static readonly EncodingGroup Ordered = new("Load/store ordered");

    public static readonly Encoding STLR = Ordered.Add("STLR, STLRB, STLRH", "size:2 001000 1 0 0 Rs:5 1 Rt2:5 Rn:5 Rt:5");
    public static readonly Encoding LDAR = Ordered.Add("LDAR, LDARB, LDARH", "size:2 001000 1 1 0 Rs:5 1 Rt2:5 Rn:5 Rt:5");

    /// <summary>Compare and swap.</summary>
    public static readonly EncodingGroup CompareAndSwap = new("Compare and swap");

    public static readonly Encoding CAS = CompareAndSwap.Add("CAS, CASB, CASH and their A, L, AL forms", "size:2 001000 1 A:1 1 Rs:5 R:1 11111 Rn:5 Rt:5", feature: "FEAT_LSE");

    /// <summary>Compare and swap pair.</summary>
    public static readonly EncodingGroup CompareAndSwapPair = new("Compare and swap pair");

    public static readonly Encoding CASP = CompareAndSwapPair.Add("CASP and its A, L, AL forms", "0 sz:1 001000 0 A:1 1 Rs:5 R:1 11111 Rn:5 Rt:5", word => (word & 0x0001_0001) == 0, feature: "FEAT_LSE");
}
