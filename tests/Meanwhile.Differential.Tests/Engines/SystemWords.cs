namespace Meanwhile.Differential.Tests.Engines;

/// <summary>System instructions that a random program may execute at any place.</summary>
internal static class SystemWords
{
    /// <summary>Moves; bits 4..0 are a register.</summary>
    private static readonly uint[] Moves =
    [
        0xD53B_4200, // mrs x0, nzcv
        0xD51B_4200, // msr nzcv, x0
        0xD53B_4220, // mrs x0, daif
        0xD51B_4220, // msr daif, x0
        0xD53B_4400, // mrs x0, fpcr
        0xD51B_4400, // msr fpcr, x0
        0xD53B_4420, // mrs x0, fpsr
        0xD51B_4420, // msr fpsr, x0
        0xD53B_D040, // mrs x0, tpidr_el0
        0xD51B_D040, // msr tpidr_el0, x0
        0xD53B_D060, // mrs x0, tpidrro_el0
        0xD51B_D060, // msr tpidrro_el0, x0
        0xD538_D080, // mrs x0, tpidr_el1
        0xD518_D080, // msr tpidr_el1, x0
        0xD538_4100, // mrs x0, sp_el0
        0xD518_4100, // msr sp_el0, x0
        0xD538_4200, // mrs x0, spsel
        0xD538_4240, // mrs x0, currentel
        0xD53B_E040, // mrs x0, cntvct_el0
        0xD53B_E020, // mrs x0, cntpct_el0
        0xD53B_E000, // mrs x0, cntfrq_el0
        0xD51B_E340, // msr cntv_cval_el0, x0
        0xD538_CC00, // mrs x0, icc_iar1_el1
        0xD538_C100, // mrs x0, isr_el1
        0xD538_5200, // mrs x0, esr_el1
        0xD538_6000, // mrs x0, far_el1
        0xD538_4020, // mrs x0, elr_el1
        0xD538_4000, // mrs x0, spsr_el1
        0xD538_7400, // mrs x0, par_el1
        0xD53B_0020, // mrs x0, ctr_el0
        0xD53B_00E0, // mrs x0, dczid_el0
        0xD538_0000, // mrs x0, midr_el1
        0xD538_4260, // mrs x0, pan
        0xD518_D020, // msr contextidr_el1, x0
        0xD538_1000, // mrs x0, sctlr_el1
        0xD538_2000, // mrs x0, ttbr0_el1
        0xD538_1040, // mrs x0, cpacr_el1
        0xD518_6000, // msr far_el1, x0
        0xD518_5200, // msr esr_el1, x0
    ];

    /// <summary>Maintenance of an address, which is in a base register most of the time.</summary>
    private static readonly uint[] Maintenance =
    [
        0xD50B_7420, // dc zva, x0
        0xD50B_7A20, // dc cvac, x0
        0xD50B_7B20, // dc cvau, x0
        0xD50B_7E20, // dc civac, x0
        0xD50B_7520, // ic ivau, x0
        0xD508_7800, // at s1e1r, x0
        0xD508_7820, // at s1e1w, x0
        0xD508_7840, // at s1e0r, x0
        0xD508_8720, // tlbi vae1, x0
        0xD508_8360, // tlbi vaae1is, x0
        0xD508_8740, // tlbi aside1, x0
        0xD508_87A0, // tlbi vale1, x0
    ];

    private const uint InvalidateAll = 0xD508_751F;

    private static readonly uint[] Others =
    [
        0xD503_41DF, // msr daifset, #0x1
        0xD503_42DF, // msr daifset, #0x2
        0xD503_4FDF, // msr daifset, #0xf
        0xD503_41FF, // msr daifclr, #0x1
        0xD503_42FF, // msr daifclr, #0x2
        0xD503_47FF, // msr daifclr, #0x7
        0xD500_40BF, // msr spsel, #0x0
        0xD500_41BF, // msr spsel, #0x1
        0xD500_409F, // msr pan, #0x0
        0xD500_419F, // msr pan, #0x1
        0xD500_407F, // msr uao, #0x0
        0xD500_417F, // msr uao, #0x1
        0xD503_3FDF, // isb
        0xD503_3B9F, // dsb ish
        0xD503_3BBF, // dmb ish
        0xD503_39BF, // dmb ishld
        0xD503_3ABF, // dmb ishst
        0xD503_3F5F, // clrex
        0xD503_201F, // nop
        0xD503_203F, // yield
        0xD503_209F, // sev
        0xD503_20BF, // sevl
        0xD503_205F, // wfe
        0xD503_207F, // wfi
        0xD508_751F, // ic iallu
        0xD508_871F, // tlbi vmalle1
        0xD508_831F, // tlbi vmalle1is
        0xD400_0001, // svc #0x0
        0xD400_0002, // hvc #0x0
        0xD400_0003, // smc #0x0
        0xD420_0000, // brk #0x0
        0xD440_0000, // hlt #0x0
        0xD69F_03E0, // eret
        0xD503_3B9F, // dsb ish
        0xD503_30FF, // sb
    ];

    public static uint Make(ref RandomSource random)
    {
        switch (random.Below(8))
        {
            case < 4:
                uint move = Moves[random.Below(Moves.Length)];
                uint register = (uint)random.Below(32);
                bool reads = (move >> 21 & 1) != 0;
                return move | (reads && (ProgramMacros.IsBase((int)register) || (int)register == ProgramMacros.TableRegister) ? 9 : register);
            case 4:
                return Maintenance[random.Below(Maintenance.Length)] | (uint)ProgramMacros.Base(ref random);
            default:
                uint other = Others[random.Below(Others.Length)];
                // Seldom: what was translated must be of use.
                return other == InvalidateAll && !random.OneIn(16) ? 0xD503_3FDF : other;
        }
    }
}
