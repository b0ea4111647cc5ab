using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Meanwhile.Arm64.Interpreter.Crypto;
using Meanwhile.Arm64.Interpreter.Simd;

namespace Meanwhile.Arm64.Tests;

/// <summary>AESE, AESD, AESMC, AESIMC and the 64-bit PMULL. Expected values: FIPS 197 appendices A.1 and B; products of polynomials by their definition.</summary>
public class Crypto_Aes_Tests
{
    private const string Input = "3243F6A8885A308D313198A2E0370734", Output = "3925841D02DC09FBDC118597196A0B32";

    private static readonly string[] RoundKeys =
    [
        "2B7E151628AED2A6ABF7158809CF4F3C", "A0FAFE1788542CB123A339392A6C7605", "F2C295F27A96B9435935807A7359F67F",
        "3D80477D4716FE3E1E237E446D7A883B", "EF44A541A8525B7FB671253BDB0BAD00", "D4D1C6F87C839D87CAF2B8BC11F915BC",
        "6D88A37A110B3EFDDBF98641CA0093FD", "4E54F70E5F5FC9F384A64FB24EA6DC4F", "EAD27321B58DBAD2312BF5607F8D292F",
        "AC7766F319FADC2128D12941575C006E", "D014F9A8C9EE2589E13F0CC8B6630CA6",
    ];

    [Fact]
    public void Appendix_B_encrypts()
    {
        using var machine = new TestMachine();
        Set(machine, 0, Input);
        for (int round = 0; round < 10; round++)
        {
            Set(machine, 1, RoundKeys[round]);
            machine.Run(0x4E284820); // aese v0.16b, v1.16b
            if (round < 9)
                machine.Run(0x4E286800); // aesmc v0.16b, v0.16b
        }
        Set(machine, 1, RoundKeys[10]);
        machine.Run(0x6E211C00); // eor v0.16b, v0.16b, v1.16b
        Assert.Equal(Output, Get(machine, 0));
    }

    [Fact]
    public void Appendix_B_decrypts()
    {
        using var machine = new TestMachine();
        Set(machine, 0, Output);
        for (int round = 10; round > 0; round--)
        {
            Set(machine, 1, RoundKeys[round]);
            // FIPS 197 section 5.3.5: the equivalent inverse cipher has InvMixColumns on all but the outer round keys.
            if (round < 10)
                machine.Run(0x4E287821); // aesimc v1.16b, v1.16b
            machine.Run(0x4E285820); // aesd v0.16b, v1.16b
            if (round > 1)
                machine.Run(0x4E287800); // aesimc v0.16b, v0.16b
        }
        Set(machine, 1, RoundKeys[0]);
        machine.Run(0x6E211C00); // eor v0.16b, v0.16b, v1.16b
        Assert.Equal(Input, Get(machine, 0));
    }

    [Fact]
    public void Without_host_instructions_the_steps_are_those_of_appendix_B()
    {
        Vector128<byte> start = Block("193DE3BEA0F4E22B9AC68D2AE9F84808");
        Vector128<byte> substituted = Block("D4BF5D30E0B452AEB84111F11E2798E5");
        Vector128<byte> mixed = Block("046681E5E0CB199A48F8D37A2806264C");
        Assert.Equal(substituted, AesBlock.PortableEncrypt(start));
        Assert.Equal(start, AesBlock.PortableDecrypt(substituted));
        Assert.Equal(mixed, AesBlock.PortableMixColumns(substituted));
        Assert.Equal(substituted, AesBlock.PortableInverseMixColumns(mixed));
    }

    [Fact]
    public void With_and_without_host_instructions_every_byte_gives_the_same()
    {
        Assert.SkipUnless(Aes.IsSupported, "The host has no AES instructions.");
        for (int n = 0; n < 256; n++)
        {
            Vector128<byte> state = Vector128<byte>.Indices * 37 ^ Vector128.Create((byte)n);
            Assert.Equal(AesBlock.Encrypt(state), AesBlock.PortableEncrypt(state));
            Assert.Equal(AesBlock.Decrypt(state), AesBlock.PortableDecrypt(state));
            Assert.Equal(AesBlock.MixColumns(state), AesBlock.PortableMixColumns(state));
            Assert.Equal(AesBlock.InverseMixColumns(state), AesBlock.PortableInverseMixColumns(state));
        }
    }

    [Theory]
    [InlineData(0x8000_0000_0000_0000, 0x8000_0000_0000_0000, 0x0000_0000_0000_0000, 0x4000_0000_0000_0000)] // x^63 squared is x^126
    [InlineData(0xFFFF_FFFF_FFFF_FFFF, 0x0000_0000_0000_0003, 0x0000_0000_0000_0001, 0x0000_0000_0000_0001)] // times x + 1: x^64 + 1
    [InlineData(0xFFFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF, 0x5555_5555_5555_5555, 0x5555_5555_5555_5555)] // squares have even powers
    public void The_64_bit_product_of_polynomials_is_the_same_with_and_without_host_instructions(ulong n, ulong m, ulong low, ulong high)
    {
        Assert.Equal(Vector128.Create(low, high), PolynomialMulLong.Product(n, m));
        Assert.Equal(Vector128.Create(low, high), PolynomialMulLong.PortableProduct(n, m));
    }

    private static Vector128<byte> Block(string hex) => Vector128.Create(Convert.FromHexString(hex));

    private static void Set(TestMachine machine, int register, string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        machine.SetV(register, BitConverter.ToUInt64(bytes), BitConverter.ToUInt64(bytes, 8));
    }

    private static string Get(TestMachine machine, int register)
    {
        (ulong low, ulong high) = machine.V(register);
        return Convert.ToHexString([.. BitConverter.GetBytes(low), .. BitConverter.GetBytes(high)]);
    }
}
