namespace Meanwhile.Arm64.Mmu;

/// <summary>What a PE uses a page for; the most important to have at once first. A fault at EL1 or in a walk stops the PE, as no task can be put to sleep.</summary>
public enum PageUse : byte
{
    /// <summary>A walk reads a translation table in it.</summary>
    TranslationTable,

    /// <summary>EL1 executes it.</summary>
    PrivilegedCode,

    /// <summary>EL1 reads or writes it.</summary>
    PrivilegedData,

    /// <summary>EL0 executes it.</summary>
    UnprivilegedCode,

    /// <summary>EL0 reads or writes it, or EL1 does with EL0's permissions.</summary>
    UnprivilegedData,
}
