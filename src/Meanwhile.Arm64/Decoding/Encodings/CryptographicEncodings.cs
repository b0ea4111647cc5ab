namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Cryptographic AES, three-register SHA and two-register SHA (DDI0487 C4.1).</summary>
internal static class CryptographicEncodings
{
    public static readonly EncodingGroup Group = new("Cryptographic AES and SHA");

    public static readonly Encoding AESE = Group.Add("AESE", "01001110 00 10100 00100 10 Rn:5 Rd:5", feature: "FEAT_AES");
    public static readonly Encoding AESD = Group.Add("AESD", "01001110 00 10100 00101 10 Rn:5 Rd:5", feature: "FEAT_AES");
    public static readonly Encoding AESMC = Group.Add("AESMC", "01001110 00 10100 00110 10 Rn:5 Rd:5", feature: "FEAT_AES");
    public static readonly Encoding AESIMC = Group.Add("AESIMC", "01001110 00 10100 00111 10 Rn:5 Rd:5", feature: "FEAT_AES");

    public static readonly Encoding SHA1C = Group.Add("SHA1C", "01011110 00 0 Rm:5 0 000 00 Rn:5 Rd:5", feature: "FEAT_SHA1");
    public static readonly Encoding SHA1P = Group.Add("SHA1P", "01011110 00 0 Rm:5 0 001 00 Rn:5 Rd:5", feature: "FEAT_SHA1");
    public static readonly Encoding SHA1M = Group.Add("SHA1M", "01011110 00 0 Rm:5 0 010 00 Rn:5 Rd:5", feature: "FEAT_SHA1");
    public static readonly Encoding SHA1SU0 = Group.Add("SHA1SU0", "01011110 00 0 Rm:5 0 011 00 Rn:5 Rd:5", feature: "FEAT_SHA1");
    public static readonly Encoding SHA256H = Group.Add("SHA256H", "01011110 00 0 Rm:5 0 100 00 Rn:5 Rd:5", feature: "FEAT_SHA256");
    public static readonly Encoding SHA256H2 = Group.Add("SHA256H2", "01011110 00 0 Rm:5 0 101 00 Rn:5 Rd:5", feature: "FEAT_SHA256");
    public static readonly Encoding SHA256SU1 = Group.Add("SHA256SU1", "01011110 00 0 Rm:5 0 110 00 Rn:5 Rd:5", feature: "FEAT_SHA256");
    public static readonly Encoding SHA1H = Group.Add("SHA1H", "01011110 00 10100 00000 10 Rn:5 Rd:5", feature: "FEAT_SHA1");
    public static readonly Encoding SHA1SU1 = Group.Add("SHA1SU1", "01011110 00 10100 00001 10 Rn:5 Rd:5", feature: "FEAT_SHA1");
    public static readonly Encoding SHA256SU0 = Group.Add("SHA256SU0", "01011110 00 10100 00010 10 Rn:5 Rd:5", feature: "FEAT_SHA256");
}
