namespace Meanwhile.Arm64.Tests;

/// <summary>FEAT_CRC32 against the check values of the CRC catalogue: the remainder of "123456789", initially and finally inverted.</summary>
public class Crc32_Tests
{
    private const ulong First8 = 0x3837_3635_3433_3231; // "12345678"

    [Theory]
    [InlineData(0xCBF43926u, 0x9AC24C20u, 0x1AC34020u)] // CRC-32/ISO-HDLC: crc32x w0, w1, x2; crc32b w0, w1, w3
    [InlineData(0xE3069283u, 0x9AC25C20u, 0x1AC35020u)] // CRC-32/ISCSI: crc32cx w0, w1, x2; crc32cb w0, w1, w3
    public void Eight_bytes_and_one_give_the_check_value(uint check, uint doubleword, uint single)
    {
        using var m = new TestMachine();
        m.X[1] = 0xDEAD_BEEF_FFFF_FFFF; // The upper half is ignored.
        m.X[2] = First8;
        m.X[3] = 0xFFFF_FF00UL | '9';
        m.Run(doubleword, 0xAA0003E1, single); // mov x1, x0 between
        Assert.Equal((ulong)~check, m.X[0]);
    }

    [Theory]
    [InlineData(0xCBF43926u, 0x1AC24820u, 0x1AC34420u)] // crc32w, crc32h
    [InlineData(0xE3069283u, 0x1AC25820u, 0x1AC35420u)] // crc32cw, crc32ch
    public void Words_halfwords_and_a_byte_give_the_check_value(uint check, uint word, uint halfword)
    {
        using var m = new TestMachine();
        uint single = halfword & ~0xC00u;
        m.X[0] = 0xFFFF_FFFF;
        Step(m, word, 0x3433_3231);
        Step(m, halfword, 0xFFFF_3635);
        Step(m, halfword, 0xFFFF_3837);
        Step(m, single, 0xFFFF_FF39);
        Assert.Equal((ulong)~check, m.X[0]);
    }

    private static void Step(TestMachine m, uint instruction, ulong data)
    {
        m.X[1] = m.X[0];
        m.X[2] = m.X[3] = data;
        m.Run(instruction);
    }
}
