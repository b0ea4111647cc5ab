using Meanwhile.Arm64.Exceptions;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>EC 0x18: MSR, MRS and system instructions that SCTLR_EL1 or CNTKCTL_EL1 keep from EL0.</summary>
internal static unsafe class SystemTrap
{
    public const ulong SctlrUma = 1UL << 9;
    public const ulong SctlrDze = 1UL << 14;
    public const ulong SctlrUct = 1UL << 15;
    public const ulong SctlrUci = 1UL << 26;

    /// <summary>Traps the instruction; ISS is its operands (D17.2.37, "trapped MSR, MRS or System instruction").</summary>
    public static int Raise(CpuState* s, Insn* i)
    {
        uint w = i->Word;
        uint op0 = w >> 19 & 3, op1 = w >> 16 & 7, crn = w >> 12 & 0xF, crm = w >> 8 & 0xF, op2 = w >> 5 & 7, rt = w & 0x1F, read = w >> 21 & 1;
        return Exceptions.Raise.Exception(s, i, ExceptionClass.SystemRegisterTrap,
            op0 << 20 | op2 << 17 | op1 << 14 | crn << 10 | rt << 5 | crm << 1 | read);
    }
}
