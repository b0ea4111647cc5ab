using Meanwhile.Arm64.Interpreter;

namespace Meanwhile.Arm64.SystemRegisters;

/// <summary>A line of the register table: who executes MRS and MSR of a register, and with which operands.</summary>
internal sealed unsafe class SystemRegisterEntry(string name)
{
    /// <summary>The manual's name.</summary>
    public string Name { get; } = name;

    /// <summary>Handler of MRS; null where the register is write-only.</summary>
    public delegate*<CpuState*, Insn*, int> Read { get; init; }

    /// <summary>Handler of MSR; null where the register is read-only.</summary>
    public delegate*<CpuState*, Insn*, int> Write { get; init; }

    /// <summary>For both handlers: offset in <see cref="CpuState"/>, constant, or key.</summary>
    public ulong Operand { get; init; }

    /// <summary>Which accesses do nothing but move the field at <see cref="Operand"/>.</summary>
    public FieldAccess Field { get; init; }

    /// <summary>For MSR: bits that can be written.</summary>
    public ulong Writable { get; init; } = ulong.MaxValue;
}

/// <summary>Accesses to a system register that do nothing but read or write its field, whatever else the state is.</summary>
[Flags]
internal enum FieldAccess : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>MRS at EL1.</summary>
    ReadAtEl1 = 1,

    /// <summary>MRS at EL0.</summary>
    ReadAtEl0 = 2,

    /// <summary>MSR at EL1.</summary>
    WriteAtEl1 = 4,

    /// <summary>MSR at EL0.</summary>
    WriteAtEl0 = 8,

    /// <summary>MRS at EL1 gives the entry's operand itself.</summary>
    ConstantAtEl1 = 16,
}
