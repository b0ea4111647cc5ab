using System.Runtime.CompilerServices;
using Meanwhile.Arm64.Exceptions;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>
/// An addressing mode of loads and stores, chosen when an instruction is bound. Modes are types, so that each pair of transfer and mode is a
/// handler of its own without a test for the mode in it. N is the base's slot, Imm the offset.
/// </summary>
internal unsafe interface IAddressingMode
{
    /// <summary>What the memory access is told.</summary>
    static virtual AccessFlags Flags => AccessFlags.None;

    /// <summary>The base register is the stack pointer, which may have to be aligned.</summary>
    static virtual bool BaseIsSp => false;

    /// <summary>The address of the access.</summary>
    static abstract ulong Address(CpuState* s, Insn* i);

    /// <summary>Updates the base register once the access to <paramref name="address"/> has succeeded.</summary>
    static virtual void WriteBack(CpuState* s, Insn* i, ulong address)
    {
    }
}

/// <summary>Base plus immediate: <c>[Xn, #imm]</c>.</summary>
internal readonly unsafe struct BaseOffset : IAddressingMode
{
    public static ulong Address(CpuState* s, Insn* i) => s->X[i->N] + i->Imm;
}

/// <summary>Base plus immediate with EL0's permissions (LDTR, STTR).</summary>
internal readonly unsafe struct UnprivilegedOffset : IAddressingMode
{
    public static AccessFlags Flags => AccessFlags.Unprivileged;

    public static ulong Address(CpuState* s, Insn* i) => s->X[i->N] + i->Imm;
}

/// <summary>Pre-indexed: <c>[Xn, #imm]!</c>.</summary>
internal readonly unsafe struct PreIndexed : IAddressingMode
{
    public static ulong Address(CpuState* s, Insn* i) => s->X[i->N] + i->Imm;

    public static void WriteBack(CpuState* s, Insn* i, ulong address) => s->X[i->N] = address;
}

/// <summary>Post-indexed: <c>[Xn], #imm</c>.</summary>
internal readonly unsafe struct PostIndexed : IAddressingMode
{
    public static ulong Address(CpuState* s, Insn* i) => s->X[i->N];

    public static void WriteBack(CpuState* s, Insn* i, ulong address) => s->X[i->N] = address + i->Imm;
}

/// <summary>Base plus 64-bit register: <c>[Xn, Xm, LSL #shift]</c> (SXTX does the same).</summary>
internal readonly unsafe struct RegisterOffset : IAddressingMode
{
    public static ulong Address(CpuState* s, Insn* i) => s->X[i->N] + (s->X[i->M] << i->Shift);
}

/// <summary>Base plus zero-extended 32-bit register: <c>[Xn, Wm, UXTW #shift]</c>.</summary>
internal readonly unsafe struct UnsignedWordOffset : IAddressingMode
{
    public static ulong Address(CpuState* s, Insn* i) => s->X[i->N] + ((ulong)(uint)s->X[i->M] << i->Shift);
}

/// <summary>Base plus sign-extended 32-bit register: <c>[Xn, Wm, SXTW #shift]</c>.</summary>
internal readonly unsafe struct SignedWordOffset : IAddressingMode
{
    public static ulong Address(CpuState* s, Insn* i) => s->X[i->N] + ((ulong)(int)s->X[i->M] << i->Shift);
}

/// <summary>PC relative: the literal loads.</summary>
internal readonly unsafe struct Literal : IAddressingMode
{
    public static ulong Address(CpuState* s, Insn* i) => s->CurrentPc(i) + i->Imm;
}

/// <summary><typeparamref name="TMode"/> with the stack pointer as base, which is checked first (DDI0487 D1.8.2).</summary>
internal readonly unsafe struct FromSp<TMode> : IAddressingMode
    where TMode : struct, IAddressingMode
{
    public static AccessFlags Flags => TMode.Flags;

    public static bool BaseIsSp => true;

    public static ulong Address(CpuState* s, Insn* i) => TMode.Address(s, i);

    public static void WriteBack(CpuState* s, Insn* i, ulong address) => TMode.WriteBack(s, i, address);
}

/// <summary>Stack pointer alignment checking (DDI0487 D1.8.2).</summary>
internal static unsafe class StackAlignment
{
    /// <summary>True when the stack pointer is misaligned and the current Exception level wants to know: <see cref="Raise.SpAlignment"/> follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsViolated(CpuState* s) => (s->X[CpuState.Sp] & s->SpAlignmentMask) != 0;

    /// <summary>As <see cref="IsViolated(CpuState*)"/>, for handlers that find out only now whether their base is the stack pointer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsViolated(CpuState* s, int baseSlot) => baseSlot == CpuState.Sp && IsViolated(s);
}
