namespace Meanwhile.Arm64.Translator.X64;

/// <summary>A vector register of the host, by its encoding.</summary>
internal enum VectorRegister : byte
{
#pragma warning disable CS1591 // The architecture's names.
    Xmm0,
    Xmm1,
    Xmm2,
    Xmm3,
    Xmm4,
    Xmm5,
    Xmm6,
    Xmm7,
    Xmm8,
    Xmm9,
    Xmm10,
    Xmm11,
    Xmm12,
    Xmm13,
    Xmm14,
    Xmm15,
#pragma warning restore CS1591
}

/// <content>Vector moves.</content>
internal sealed unsafe partial class Assembler
{
    /// <summary>MOVD, MOVQ or MOVUPS of 4, 8 or 16 bytes; the rest of the register becomes zero.</summary>
    public void LoadVector(int size, VectorRegister to, in Memory m)
    {
        switch (size)
        {
            case 4:
                Byte(0x66);
                MemoryForm(0x0F6E, false, (int)to, m);
                break;
            case 8:
                Byte(0xF3);
                MemoryForm(0x0F7E, false, (int)to, m);
                break;
            default:
                MemoryForm(0x0F10, false, (int)to, m);
                break;
        }
    }

    /// <summary>MOVD, MOVQ or MOVUPS of the low 4, 8 or 16 bytes.</summary>
    public void StoreVector(int size, in Memory m, VectorRegister from)
    {
        switch (size)
        {
            case 4:
                Byte(0x66);
                MemoryForm(0x0F7E, false, (int)from, m);
                break;
            case 8:
                Byte(0x66);
                MemoryForm(0x0FD6, false, (int)from, m);
                break;
            default:
                MemoryForm(0x0F11, false, (int)from, m);
                break;
        }
    }

    /// <summary>MOVD or MOVQ from a general-purpose register; the rest becomes zero.</summary>
    public void MoveFromGeneral(bool wide, VectorRegister to, Register from)
    {
        Byte(0x66);
        RegisterForm(0x0F6E, wide, (int)to, (int)from);
    }

    /// <summary>XCHG [m], r of 1, 2, 4 or 8 bytes: locked.</summary>
    public void Exchange(int size, in Memory m, Register r)
    {
        if (size == 2)
            Byte(0x66);
        MemoryForm(size == 1 ? 0x86 : 0x87, size == 8, (int)r, m, force: size == 1 && r >= Register.Rsp);
    }
}
