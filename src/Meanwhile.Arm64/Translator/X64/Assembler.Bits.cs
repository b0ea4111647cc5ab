namespace Meanwhile.Arm64.Translator.X64;

/// <content>Bit counting and scattering, CRC32.</content>
internal sealed unsafe partial class Assembler
{
    // In the digits of VectorOp, but with general-purpose operands; VEX.W makes them 64 bits wide.
    private const int Pext = 0x0_2_2_F5, Pdep = 0x0_3_2_F5, Mulx = 0x0_3_2_F6, Shlx = 0x0_1_2_F7, Shrx = 0x0_3_2_F7, Rorx = 0x0_3_3_F0, VexWide = 0x1_0_0_00;

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

    /// <summary>
    /// MULX: the unsigned product of RDX and <paramref name="from"/>; where both halves go to one register, it has the high one. The flags stay. Needs BMI2.
    /// </summary>
    public void MultiplyKeepingFlags(bool wide, Register high, Register low, Register from) =>
        VexRegister((VectorOp)(wide ? Mulx | VexWide : Mulx), (int)high, (int)low, (int)from);

    /// <summary>MULX with a factor in memory.</summary>
    public void MultiplyKeepingFlags(bool wide, Register high, Register low, in Memory m) =>
        VexMemory((VectorOp)(wide ? Mulx | VexWide : Mulx), (int)high, (int)low, m);

    /// <summary>SHLX or SHRX: shifted by a register's value, modulo the size. The flags stay. Needs BMI2.</summary>
    public void ShiftKeepingFlags(bool wide, bool left, Register to, Register from, Register amount)
    {
        int op = left ? Shlx : Shrx;
        VexRegister((VectorOp)(wide ? op | VexWide : op), (int)to, (int)amount, (int)from);
    }

    /// <summary>RORX: rotated right by a constant, 32 bits. The flags stay. Needs BMI2.</summary>
    public void RotateKeepingFlags(Register to, Register from, int amount)
    {
        VexRegister((VectorOp)Rorx, (int)to, 0, (int)from);
        Byte(amount);
    }

    /// <summary>CRC32: the remainder in <paramref name="to"/> goes on over 1, 2, 4 or 8 bytes; needs SSE4.2. The flags stay.</summary>
    public void Crc32C(int size, Register to, Register from)
    {
        if (size == 2)
            Byte(0x66);
        Byte(0xF2);
        RegisterForm(size == 1 ? 0x0F38F0 : 0x0F38F1, size == 8, (int)to, (int)from, force: size == 1 && from >= Register.Rsp);
    }
}
