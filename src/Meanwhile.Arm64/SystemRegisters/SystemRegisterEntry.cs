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

    /// <summary>For MSR: bits that can be written.</summary>
    public ulong Writable { get; init; } = ulong.MaxValue;
}
