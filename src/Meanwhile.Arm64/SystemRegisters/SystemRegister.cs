namespace Meanwhile.Arm64.SystemRegisters;

/// <summary>System register names as keys: the MSR/MRS operand fields packed as KVM packs them (op0:2 op1:3 CRn:4 CRm:4 op2:3).</summary>
public static class SystemRegister
{
    /// <summary>Packs an MSR/MRS operand.</summary>
    public static uint Key(uint op0, uint op1, uint crn, uint crm, uint op2) => (op0 << 14) | (op1 << 11) | (crn << 7) | (crm << 3) | op2;
}
