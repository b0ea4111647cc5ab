using System.Numerics;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>The last source operand of a data-processing instruction. Forms for 32 bits may leave rubbish above bit 31.</summary>
internal unsafe interface ISecondOperand
{
    /// <summary>Its value.</summary>
    static abstract ulong Of(CpuState* s, Insn* i);
}

/// <summary><see cref="Insn.Imm"/>.</summary>
internal readonly unsafe struct ImmediateOperand : ISecondOperand
{
    public static ulong Of(CpuState* s, Insn* i) => i->Imm;
}

/// <summary>Rm as it is.</summary>
internal readonly unsafe struct RegisterOperand : ISecondOperand
{
    public static ulong Of(CpuState* s, Insn* i) => s->X[i->M];
}

/// <summary>Rm, LSL #Shift; both widths.</summary>
internal readonly unsafe struct LslOperand : ISecondOperand
{
    public static ulong Of(CpuState* s, Insn* i) => s->X[i->M] << i->Shift;
}

/// <summary>Rm, LSR #Shift.</summary>
internal readonly unsafe struct LsrOperand64 : ISecondOperand
{
    public static ulong Of(CpuState* s, Insn* i) => s->X[i->M] >> i->Shift;
}

/// <summary>Rm, LSR #Shift of 32 bits.</summary>
internal readonly unsafe struct LsrOperand32 : ISecondOperand
{
    public static ulong Of(CpuState* s, Insn* i) => (uint)s->X[i->M] >> i->Shift;
}

/// <summary>Rm, ASR #Shift.</summary>
internal readonly unsafe struct AsrOperand64 : ISecondOperand
{
    public static ulong Of(CpuState* s, Insn* i) => (ulong)((long)s->X[i->M] >> i->Shift);
}

/// <summary>Rm, ASR #Shift of 32 bits.</summary>
internal readonly unsafe struct AsrOperand32 : ISecondOperand
{
    public static ulong Of(CpuState* s, Insn* i) => (uint)((int)s->X[i->M] >> i->Shift);
}

/// <summary>Rm, ROR #Shift.</summary>
internal readonly unsafe struct RorOperand64 : ISecondOperand
{
    public static ulong Of(CpuState* s, Insn* i) => BitOperations.RotateRight(s->X[i->M], i->Shift);
}

/// <summary>Rm, ROR #Shift of 32 bits.</summary>
internal readonly unsafe struct RorOperand32 : ISecondOperand
{
    public static ulong Of(CpuState* s, Insn* i) => BitOperations.RotateRight((uint)s->X[i->M], i->Shift);
}

/// <summary>Rm, UXTB/UXTH/UXTW/UXTX #Shift; the extension's mask in Imm.</summary>
internal readonly unsafe struct ZeroExtendedOperand : ISecondOperand
{
    public static ulong Of(CpuState* s, Insn* i) => (s->X[i->M] & i->Imm) << i->Shift;
}

/// <summary>Rm, SXTB/SXTH/SXTW/SXTX #Shift; 64 minus the width of the extended part in Option.</summary>
internal readonly unsafe struct SignExtendedOperand : ISecondOperand
{
    public static ulong Of(CpuState* s, Insn* i) => (ulong)((long)(s->X[i->M] << i->Option) >> i->Option) << i->Shift;
}
