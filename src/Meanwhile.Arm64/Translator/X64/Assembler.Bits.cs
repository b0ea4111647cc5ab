namespace Meanwhile.Arm64.Translator.X64;

/// <content>Bit counting and scattering, CRC32.</content>
internal sealed unsafe partial class Assembler
{
    // In the digits of VectorOp, but with general-purpose operands; VEX.W makes them 64 bits wide.
    private const int Pext = 0x0_2_2_F5, Pdep = 0x0_3_2_F5, VexWide = 0x1_0_0_00;

    /// <summary>TZCNT; needs BMI1.</summary>
    public void CountTrailingZeros(bool wide, Register to, Register from)
    {
        Byte(0xF3);
        RegisterForm(0x0FBC, wide, (int)to, (int)from);
    }

    /// <summary>PEXT; needs BMI2.</summary>
    public void ExtractBits(bool wide, Register to, Register from, Register mask) =>
        VexRegister((VectorOp)(wide ? Pext | VexWide : Pext), (int)to, (int)from, (int)mask);

    /// <summary>PDEP; needs BMI2.</summary>
    public void DepositBits(bool wide, Register to, Register from, Register mask) =>
        VexRegister((VectorOp)(wide ? Pdep | VexWide : Pdep), (int)to, (int)from, (int)mask);

    /// <summary>CRC32: the remainder in <paramref name="to"/> goes on over 1, 2, 4 or 8 bytes; needs SSE4.2. The flags stay.</summary>
    public void Crc32C(int size, Register to, Register from)
    {
        if (size == 2)
            Byte(0x66);
        Byte(0xF2);
        RegisterForm(size == 1 ? 0x0F38F0 : 0x0F38F1, size == 8, (int)to, (int)from, force: size == 1 && from >= Register.Rsp);
    }
}
