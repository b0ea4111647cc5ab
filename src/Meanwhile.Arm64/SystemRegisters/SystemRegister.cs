namespace Meanwhile.Arm64.SystemRegisters;

/// <summary>System register names as keys: the MSR/MRS operand fields packed as KVM packs them (op0:2 op1:3 CRn:4 CRm:4 op2:3).</summary>
public static class SystemRegister
{
    /// <summary>Packs an MSR/MRS operand.</summary>
    public static uint Key(uint op0, uint op1, uint crn, uint crm, uint op2) => (op0 << 14) | (op1 << 11) | (crn << 7) | (crm << 3) | op2;

    /// <summary>The manual's name of a register that this PE has; else its generic name, S&lt;op0&gt;_&lt;op1&gt;_C&lt;n&gt;_C&lt;m&gt;_&lt;op2&gt;.</summary>
    public static string NameOf(uint key) => SystemRegisterTable.Known(key)?.Name
        ?? $"S{(key >> 14) & 3}_{(key >> 11) & 7}_C{(key >> 7) & 0xF}_C{(key >> 3) & 0xF}_{key & 7}";
}
