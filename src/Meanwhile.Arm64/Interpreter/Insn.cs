namespace Meanwhile.Arm64.Interpreter;

/// <summary>
/// One decoded instruction in a cached block: the handler that executes it and its operands, unpacked once at decode time.
/// Native memory, 40 bytes, contiguous within a block.
/// </summary>
public unsafe struct Insn
{
    /// <summary>Executes the instruction; returns a <see cref="Status"/> value. Never null.</summary>
    public delegate*<CpuState*, Insn*, int> Handler;

    /// <summary>An immediate operand, ready to use (shifted, extended, or a branch's byte offset); meaning is the binder's.</summary>
    public ulong Imm;

    /// <summary>A second immediate (a mask, a second offset, a modified immediate's high half); meaning is the binder's.</summary>
    public ulong Imm2;

    /// <summary>The instruction word.</summary>
    public uint Word;

    /// <summary>Byte offset of the instruction in its 4 KiB page.</summary>
    public ushort PageOffset;

    /// <summary>Slots in <see cref="CpuState.X"/> (31 already resolved to Sp, Zr or Sink) or numbers of V registers.</summary>
    public byte D, N, M, A;

    /// <summary>Shift amount, extension, lane index, condition or the like; meaning is the binder's.</summary>
    public byte Shift, Option;
}

/// <summary>What an instruction handler returns.</summary>
public static class Status
{
    /// <summary>Go on with the next instruction of the block.</summary>
    public const int Next = 0;

    /// <summary>The block ends here and <see cref="CpuState.Pc"/> has been set (branches, and instructions that change translation state).</summary>
    public const int Branch = 1;

    /// <summary><see cref="CpuState.Pending"/> holds an exception or an exit; no architectural state was changed by this instruction except where its kind says so.</summary>
    public const int Leave = 2;
}
