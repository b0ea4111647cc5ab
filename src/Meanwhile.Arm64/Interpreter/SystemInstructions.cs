using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Exceptions;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>IC, DC, AT and TLBI.</summary>
internal static unsafe class SystemInstructions
{
    public static void Register(Binders b)
    {
        b.Add(SystemEncodings.IC_IALLUIS, &BindIcAllShareable);
        b.Add(SystemEncodings.IC_IALLU, &BindIcAll);
        b.Add(SystemEncodings.IC_IVAU, &BindIcAddress);

        b.Add(SystemEncodings.DC_IVAC, &BindDcInvalidate);
        b.Add(SystemEncodings.DC_ISW, &BindDcSetWay);
        b.Add(SystemEncodings.DC_CSW, &BindDcSetWay);
        b.Add(SystemEncodings.DC_CISW, &BindDcSetWay);
        b.Add(SystemEncodings.DC_ZVA, &BindDcZero);
        b.Add(SystemEncodings.DC_CVAC, &BindDcClean);
        b.Add(SystemEncodings.DC_CVAU, &BindDcClean);
        b.Add(SystemEncodings.DC_CVAP, &BindDcClean);
        b.Add(SystemEncodings.DC_CIVAC, &BindDcClean);

        b.Add(SystemEncodings.AT_S1E1R, &BindAt);
        b.Add(SystemEncodings.AT_S1E1W, &BindAt);
        b.Add(SystemEncodings.AT_S1E0R, &BindAt);
        b.Add(SystemEncodings.AT_S1E0W, &BindAt);
        b.Add(SystemEncodings.AT_S1E1RP, &BindAt);
        b.Add(SystemEncodings.AT_S1E1WP, &BindAt);

        b.Add(SystemEncodings.TLBI_VMALLE1, &BindTlbiAll);
        b.Add(SystemEncodings.TLBI_VAE1, &BindTlbiAddress);
        b.Add(SystemEncodings.TLBI_ASIDE1, &BindTlbiAsid);
        b.Add(SystemEncodings.TLBI_VAAE1, &BindTlbiAddress);
        b.Add(SystemEncodings.TLBI_VALE1, &BindTlbiLastLevel);
        b.Add(SystemEncodings.TLBI_VAALE1, &BindTlbiLastLevel);
        b.Add(SystemEncodings.TLBI_VMALLE1IS, &BindTlbiAll);
        b.Add(SystemEncodings.TLBI_VAE1IS, &BindTlbiAddress);
        b.Add(SystemEncodings.TLBI_ASIDE1IS, &BindTlbiAsid);
        b.Add(SystemEncodings.TLBI_VAAE1IS, &BindTlbiAddress);
        b.Add(SystemEncodings.TLBI_VALE1IS, &BindTlbiLastLevel);
        b.Add(SystemEncodings.TLBI_VAALE1IS, &BindTlbiLastLevel);
    }

    private static void BindIcAll(Insn* i) => i->Handler = &IcAll;

    private static void BindIcAllShareable(Insn* i) => i->Handler = &IcAllShareable;

    private static void BindIcAddress(Insn* i) => BindOperand(i, &IcAddress);

    private static void BindDcInvalidate(Insn* i) => BindOperand(i, &DcInvalidate);

    private static void BindDcSetWay(Insn* i) => i->Handler = &DcSetWay;

    private static void BindDcZero(Insn* i) => BindOperand(i, &DcZero);

    private static void BindDcClean(Insn* i) => BindOperand(i, &DcClean);

    private static void BindTlbiAll(Insn* i) => BindOperand(i, &TlbiAll);

    private static void BindTlbiAddress(Insn* i) => BindOperand(i, &TlbiAddress);

    private static void BindTlbiLastLevel(Insn* i) => BindOperand(i, &TlbiLastLevel);

    private static void BindTlbiAsid(Insn* i) => BindOperand(i, &TlbiAsid);

    /// <summary>op2 bit 0: write; bit 1: EL0. CRm bit 0: with PSTATE.PAN.</summary>
    private static void BindAt(Insn* i)
    {
        i->Option = (byte)((i->Word >> 5 & 3) | (i->Word >> 8 & 1) << 2);
        BindOperand(i, &At);
    }

    /// <summary>N is Rt; Shift is 1 for the TLBI forms that reach the Inner Shareable domain (CRm = 3, not 7).</summary>
    private static void BindOperand(Insn* i, delegate*<CpuState*, Insn*, int> handler)
    {
        uint rt = i->Word & 0x1F;
        i->N = (byte)(rt == 31 ? CpuState.Zr : rt);
        i->Shift = (byte)((i->Word >> 8 & 0xF) == 3 ? 1 : 0);
        i->Handler = handler;
    }

    private static int End(CpuState* s, Insn* i)
    {
        s->Pc = s->CurrentPc(i) + 4;
        return Status.Branch;
    }

    private static int IcAll(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core.Of(s).InvalidateAllCode();
        return End(s, i);
    }

    private static int IcAllShareable(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core core = Core.Of(s);
        core.InvalidateAllCode();
        core.Broadcast(Mmu.MaintenanceKind.AllCode, 0);
        return End(s, i);
    }

    private static int IcAddress(CpuState* s, Insn* i)
    {
        if (s->El == 0 && (s->System.SctlrEl1 & SystemTrap.SctlrUci) == 0)
            return SystemTrap.Raise(s, i);
        Core core = Core.Of(s);
        if (!core.TryTranslateForMaintenance(i, s->X[i->N], AccessKind.Read, s->El == 0, out ulong physicalPage))
            return Status.Leave;
        bool any = core.InvalidateCode(physicalPage);
        core.Broadcast(Mmu.MaintenanceKind.CodePage, physicalPage);
        return any ? End(s, i) : Status.Next;
    }

    /// <summary>DC IVAC needs permission to write (C5.3.17).</summary>
    private static int DcInvalidate(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        return Core.Of(s).TryTranslateForMaintenance(i, s->X[i->N], AccessKind.Write, true, out _) ? Status.Next : Status.Leave;
    }

    private static int DcSetWay(CpuState* s, Insn* i) => s->El == 0 ? Raise.Undefined(s, i) : Status.Next;

    /// <summary>Clean by address: nothing to do for a coherent PE, beyond the faults it may give; at EL0 it needs permission to read.</summary>
    private static int DcClean(CpuState* s, Insn* i)
    {
        if (s->El == 0 && (s->System.SctlrEl1 & SystemTrap.SctlrUci) == 0)
            return SystemTrap.Raise(s, i);
        return Core.Of(s).TryTranslateForMaintenance(i, s->X[i->N], AccessKind.Read, s->El == 0, out _) ? Status.Next : Status.Leave;
    }

    private static int DcZero(CpuState* s, Insn* i)
    {
        if (s->El == 0 && (s->System.SctlrEl1 & SystemTrap.SctlrDze) == 0)
            return SystemTrap.Raise(s, i);
        return Core.Of(s).TryZeroBlock(i, s->X[i->N]) ? Status.Next : Status.Leave;
    }

    private static int At(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        AccessKind access = (i->Option & 1) != 0 ? AccessKind.Write : AccessKind.Read;
        bool user = (i->Option & 2) != 0;
        bool pan = (i->Option & 4) != 0 && s->Pan != 0;
        return Core.Of(s).TryTranslateToPar(i, s->X[i->N], access, user, pan) ? Status.Next : Status.Leave;
    }

    private static int TlbiAll(CpuState* s, Insn* i) => Tlbi(s, i, Mmu.MaintenanceKind.AllTranslations);

    private static int TlbiAddress(CpuState* s, Insn* i) => Tlbi(s, i, Mmu.MaintenanceKind.Address);

    private static int TlbiLastLevel(CpuState* s, Insn* i) => Tlbi(s, i, Mmu.MaintenanceKind.LastLevelAddress);

    private static int TlbiAsid(CpuState* s, Insn* i) => Tlbi(s, i, Mmu.MaintenanceKind.Asid);

    private static int Tlbi(CpuState* s, Insn* i, Mmu.MaintenanceKind kind)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core core = Core.Of(s);
        ulong operand = s->X[i->N];
        core.Maintain(kind, operand);
        if (i->Shift != 0)
            core.Broadcast(kind, operand);
        return Status.Next;
    }
}
