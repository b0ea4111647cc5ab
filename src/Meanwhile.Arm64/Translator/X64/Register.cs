namespace Meanwhile.Arm64.Translator.X64;

/// <summary>A general-purpose register of the host, by its encoding.</summary>
internal enum Register : byte
{
#pragma warning disable CS1591 // The architecture's names.
    Rax,
    Rcx,
    Rdx,
    Rbx,
    Rsp,
    Rbp,
    Rsi,
    Rdi,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15,
#pragma warning restore CS1591
}

/// <summary>The condition of Jcc, SETcc and CMOVcc, by its encoding. The lowest bit inverts.</summary>
internal enum HostCondition : byte
{
#pragma warning disable CS1591 // The architecture's names.
    Overflow,
    NotOverflow,
    Below,
    AboveOrEqual,
    Equal,
    NotEqual,
    BelowOrEqual,
    Above,
    Sign,
    NotSign,
    Parity,
    NotParity,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    Greater,
#pragma warning restore CS1591
}

/// <summary>The two-operand arithmetic group (opcodes 00..3F, and /n of 81), by its encoding.</summary>
internal enum Arithmetic : byte
{
#pragma warning disable CS1591 // The architecture's names.
    Add,
    Or,
    Adc,
    Sbb,
    And,
    Sub,
    Xor,
    Cmp,
#pragma warning restore CS1591
}

/// <summary>The shift group (/n of C1 and D3), by its encoding.</summary>
internal enum Shift : byte
{
#pragma warning disable CS1591 // The architecture's names.
    Rol = 0,
    Ror = 1,
    Shl = 4,
    Shr = 5,
    Sar = 7,
#pragma warning restore CS1591
}

/// <summary>A memory operand: base + index * scale + displacement.</summary>
internal readonly struct Memory
{
    private const byte NoIndex = 4; // RSP cannot be an index.

    /// <summary>[base + displacement].</summary>
    public Memory(Register @base, int displacement = 0)
    {
        Base = @base;
        IndexCode = NoIndex;
        Displacement = displacement;
    }

    /// <summary>[base + index * (1 shl scale) + displacement].</summary>
    public Memory(Register @base, Register index, int scale, int displacement = 0)
    {
        Base = @base;
        IndexCode = (byte)index;
        Scale = (byte)scale;
        Displacement = displacement;
    }

    /// <summary>The base register.</summary>
    public Register Base { get; }

    /// <summary>The index register's encoding; RSP's means none.</summary>
    public byte IndexCode { get; }

    /// <summary>log2 of the index's factor.</summary>
    public byte Scale { get; }

    /// <summary>Signed displacement in bytes.</summary>
    public int Displacement { get; }

    /// <summary>True when there is an index.</summary>
    public bool HasIndex => IndexCode != NoIndex;

    /// <summary>The same place, <paramref name="bytes"/> further.</summary>
    public Memory Plus(int bytes) =>
        HasIndex ? new Memory(Base, (Register)IndexCode, Scale, Displacement + bytes) : new Memory(Base, Displacement + bytes);
}
