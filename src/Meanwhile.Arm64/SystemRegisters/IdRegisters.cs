namespace Meanwhile.Arm64.SystemRegisters;

/// <summary>
/// What this PE says it is: the identification registers, each field for something the core implements (DDI0487 D17.2). Fields that are
/// not named read as zero, or as 0xF where the manual counts downward; so do reserved registers of the identification space.
/// </summary>
internal static class IdRegisters
{
    /// <summary>Implementer 0x00 (software use), architecture 0xF (by identification scheme), part 0x4D5.</summary>
    public const ulong Midr = 0xFUL << 16 | 0x4D5 << 4;

    /// <summary>EL0 and EL1 in AArch64 only; FP and AdvSIMD without FP16; GIC CPU interface; CSV2, CSV3.</summary>
    public const ulong Pfr0 = 1UL << 0 | 1UL << 4 | 1UL << 24 | 1UL << 56 | 1UL << 60;

    /// <summary>Debug architecture v8 (6); 2 breakpoints, 2 watchpoints (number minus one), 1 context-aware breakpoint; no PMU.</summary>
    public const ulong Dfr0 = 6UL << 0 | 1UL << 12 | 1UL << 20;

    /// <summary>AES with PMULL (2), SHA1, SHA256, CRC32, LSE atomics (2).</summary>
    public const ulong Isar0 = 2UL << 4 | 1UL << 8 | 1UL << 12 | 1UL << 16 | 2UL << 20;

    /// <summary>DC CVAP, SB.</summary>
    public const ulong Isar1 = 1UL << 0 | 1UL << 36;

    /// <summary>44-bit physical addresses (4), 16-bit ASIDs (2), 16 KiB granule (1); 4 and 64 KiB granules are encoded as 0.</summary>
    public const ulong Mmfr0 = 4UL << 0 | 2UL << 4 | 1UL << 20;

    /// <summary>Hardware access flag and dirty state (2), hierarchical permission disables, PAN with AT S1E1RP and WP (2).</summary>
    public const ulong Mmfr1 = 2UL << 0 | 1UL << 12 | 2UL << 20;

    /// <summary>UAO, E0PD.</summary>
    public const ulong Mmfr2 = 1UL << 4 | 1UL << 60;

    /// <summary>
    /// 64-byte lines (log2 of words: 4) in CWG, ERG, DminLine and IminLine; PIPT instruction cache (3); IDC: data needs no cleaning to the point
    /// of unification. DIC is 0: decoded code is dropped by IC IVAU.
    /// </summary>
    public const ulong Ctr = 1UL << 31 | 1UL << 28 | 4UL << 24 | 4UL << 20 | 4UL << 16 | 3UL << 14 | 4UL << 0;

    /// <summary>log2 of the words of a DC ZVA block: 64 bytes.</summary>
    public const ulong DczidBlock = 4;

    /// <summary>DCZID_EL0.DZP: DC ZVA is prohibited.</summary>
    public const ulong DczidProhibited = 1UL << 4;

    /// <summary>Level 1 separate (3), level 2 unified (4); coherent to level 2; no level is cleaned for unification (IDC).</summary>
    public const ulong Clidr = 3UL << 0 | 4UL << 3 | 2UL << 24;

    /// <summary>CCSIDR_EL1 for a CSSELR_EL1: 32 KiB 4-way level 1, 1 MiB 16-way level 2, 64-byte lines.</summary>
    public static ulong Ccsidr(ulong selection) => (selection & 0xF) switch
    {
        0 or 1 => CacheSize(sets: 128, ways: 4),
        2 => CacheSize(sets: 1024, ways: 16),
        _ => 0,
    };

    private static ulong CacheSize(uint sets, uint ways) => (ulong)(sets - 1) << 13 | (ways - 1) << 3 | 2;
}
