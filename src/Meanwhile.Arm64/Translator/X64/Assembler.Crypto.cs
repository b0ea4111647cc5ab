namespace Meanwhile.Arm64.Translator.X64;

/// <summary>Instructions of two XMM registers that cryptography needs: mandatory prefix shl 24, then the opcode.</summary>
internal enum CryptoOperation
{
#pragma warning disable CS1591 // The architecture's names.
    Movdqa = 0x66 << 24 | 0x0F6F,
    Pxor = 0x66 << 24 | 0x0FEF,
    Por = 0x66 << 24 | 0x0FEB,
    Paddd = 0x66 << 24 | 0x0FFE,
    Psubd = 0x66 << 24 | 0x0FFA,
    Aesimc = 0x66 << 24 | 0x0F38DB,
    Aesenc = 0x66 << 24 | 0x0F38DC,
    Aesenclast = 0x66 << 24 | 0x0F38DD,
    Aesdeclast = 0x66 << 24 | 0x0F38DF,
    Sha256rnds2 = 0x0F38CB,
    Sha256msg1 = 0x0F38CC,
    Sha256msg2 = 0x0F38CD,
#pragma warning restore CS1591
}

/// <summary>As <see cref="CryptoOperation"/>, with a constant byte.</summary>
internal enum CryptoOperationWithConstant
{
#pragma warning disable CS1591 // The architecture's names.
    Pshufd = 0x66 << 24 | 0x0F70,
    Shufps = 0x0FC6,
    Palignr = 0x66 << 24 | 0x0F3A0F,
    Pclmulqdq = 0x66 << 24 | 0x0F3A44,
    Sha1rnds4 = 0x0F3ACC,
#pragma warning restore CS1591
}

/// <summary>Shifts of each 32-bit lane by a constant: the ModRM.reg of 66 0F 72.</summary>
internal enum LaneShift
{
    /// <summary>PSRLD.</summary>
    Right = 2,

    /// <summary>PSLLD.</summary>
    Left = 6,
}

/// <content>
/// AES, SHA, and carry-less multiplication for CRC32, in their legacy encodings: those of SHA have no other. Memory operands must be 16-byte aligned.
/// </content>
internal sealed unsafe partial class Assembler
{
    /// <summary>op xmm, xmm.</summary>
    public void Crypto(CryptoOperation op, VectorRegister to, VectorRegister from)
    {
        MandatoryPrefix((int)op);
        RegisterForm((int)op & 0xFF_FFFF, false, (int)to, (int)from);
    }

    /// <summary>op xmm, [m].</summary>
    public void Crypto(CryptoOperation op, VectorRegister to, in Memory m)
    {
        MandatoryPrefix((int)op);
        MemoryForm((int)op & 0xFF_FFFF, false, (int)to, m);
    }

    /// <summary>op xmm, xmm, constant.</summary>
    public void Crypto(CryptoOperationWithConstant op, VectorRegister to, VectorRegister from, byte constant)
    {
        MandatoryPrefix((int)op);
        RegisterForm((int)op & 0xFF_FFFF, false, (int)to, (int)from);
        Byte(constant);
    }

    /// <summary>op xmm, [m], constant.</summary>
    public void Crypto(CryptoOperationWithConstant op, VectorRegister to, in Memory m, byte constant)
    {
        MandatoryPrefix((int)op);
        MemoryForm((int)op & 0xFF_FFFF, false, (int)to, m);
        Byte(constant);
    }

    /// <summary>PSRLD, PSLLD.</summary>
    public void ShiftLanes(LaneShift op, VectorRegister r, byte count)
    {
        Byte(0x66);
        RegisterForm(0x0F72, false, (int)op, (int)r);
        Byte(count);
    }

    /// <summary>PSRLDQ, or PSLLDQ: the whole register, by bytes.</summary>
    public void ShiftBytes(LaneShift op, VectorRegister r, byte count)
    {
        Byte(0x66);
        RegisterForm(0x0F73, false, (int)op + 1, (int)r);
        Byte(count);
    }

    /// <summary>PEXTRQ: the upper half; needs SSE4.1.</summary>
    public void UpperHalf(Register to, VectorRegister from)
    {
        Byte(0x66);
        RegisterForm(0x0F3A16, true, (int)from, (int)to);
        Byte(1);
    }

    private void MandatoryPrefix(int op)
    {
        if (op >> 24 != 0)
            Byte(op >> 24);
    }
}
