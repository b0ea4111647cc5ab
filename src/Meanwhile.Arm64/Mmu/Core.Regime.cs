using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64;

/// <content>What follows from a change of the registers that control the EL1&amp;0 translation regime.</content>
public sealed unsafe partial class Core
{
    private const ulong SctlrM = 1UL << 0;
    private const ulong SctlrSa = 1UL << 3;
    private const ulong SctlrSa0 = 1UL << 4;
    private const ulong TcrA1 = 1UL << 22;
    private const ulong TcrAs = 1UL << 36;

    /// <summary>Bits 29, 28, 22, 20, 11, 8 and 7: RES1 without LSMAOC, ExS, CSV2_2 and AArch32 (D17.2.118).</summary>
    private const ulong SctlrRes1 = 0x3050_0980;

    /// <summary>UCI, SPAN, WXN, nTWE, nTWI, UCT, DZE, I, UMA, SA0, SA, C, A, M.</summary>
    private const ulong SctlrWritable = 0x048D_D21F;

    /// <summary>SPAN and the RES1 bits; everything else off.</summary>
    private const ulong SctlrReset = SctlrRes1 | SctlrSpan;

    /// <summary>FP and Advanced SIMD instructions are not trapped at the current EL (CPACR_EL1.FPEN).</summary>
    internal bool FpEnabled
    {
        get
        {
            ulong fpen = State->System.CpacrEl1 >> 20 & 3;
            return fpen == 3 || (fpen == 1 && State->El != 0);
        }
    }

    internal void WriteSctlr(ulong value)
    {
        value = (value & SctlrWritable) | SctlrRes1;
        ulong changed = State->System.SctlrEl1 ^ value;
        State->System.SctlrEl1 = value;
        UpdateSpAlignment();
        if ((changed & (SctlrM | SctlrA | SctlrWxn)) != 0)
            ForgetAllTranslations();
        InvalidateFetchPage();
    }

    internal void WriteTcr(ulong value)
    {
        State->System.TcrEl1 = value;
        DecodeTranslationControl();
        ForgetAllTranslations();
    }

    internal void WriteMair(ulong value)
    {
        State->System.MairEl1 = value;
        ForgetAllTranslations();
    }

    internal void WriteTtbr0(ulong value)
    {
        State->System.Ttbr0El1 = value;
        lowerRange = VaRange.Decode(State->System.TcrEl1, value, upper: false);
        UpdateAsid();
    }

    internal void WriteTtbr1(ulong value)
    {
        State->System.Ttbr1El1 = value;
        upperRange = VaRange.Decode(State->System.TcrEl1, value, upper: true);
        UpdateAsid();
    }

    internal void WriteCpacr(ulong value)
    {
        State->System.CpacrEl1 = value;
        InvalidateFetchPage();
    }

    private void DecodeTranslationControl()
    {
        ulong tcr = State->System.TcrEl1;
        lowerRange = VaRange.Decode(tcr, State->System.Ttbr0El1, upper: false);
        upperRange = VaRange.Decode(tcr, State->System.Ttbr1El1, upper: true);
        // IPS values above the implemented size act as that size (TCR_EL1.IPS).
        outputBits = Math.Min(PhysicalAddressBits, (tcr >> 32 & 7) switch { 0 => 32, 1 => 36, 2 => 40, 3 => 42, _ => 44 });
        hardwareAccessFlag = (tcr >> 39 & 1) != 0;
        hardwareDirtyState = hardwareAccessFlag && (tcr >> 40 & 1) != 0;
        currentAsid = CurrentAsid();
    }

    private uint CurrentAsid()
    {
        ulong tcr = State->System.TcrEl1;
        ulong ttbr = (tcr & TcrA1) != 0 ? State->System.Ttbr1El1 : State->System.Ttbr0El1;
        return (uint)(ttbr >> 48) & ((tcr & TcrAs) != 0 ? 0xFFFFu : 0xFFu);
    }

    private void UpdateAsid()
    {
        currentAsid = CurrentAsid();
        AssignContexts();
    }

    private void UpdateSpAlignment() =>
        State->SpAlignmentMask = (State->System.SctlrEl1 & (State->El == 0 ? SctlrSa0 : SctlrSa)) != 0 ? 15u : 0u;

    /// <summary>Recomputes everything derived from system registers and PSTATE, as after a reset or a restore.</summary>
    private void RefreshRegime()
    {
        DecodeTranslationControl();
        UpdateSpAlignment();
        SelectDataTlb();
        UpdateStepControl();
        FlushTlb();
    }
}
