using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Exceptions;
using Meanwhile.Arm64.SystemRegisters;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>MRS and MSR (register): the binder finds the register's line in the table; its handler does the rest.</summary>
/// <remarks>
/// D: destination slot of MRS; N: source slot of MSR; Imm, Imm2: operand and writable bits of the line. Registers that change translation or
/// what may execute end the block.
/// </remarks>
internal static unsafe class SystemRegisterMoves
{
    public static void Register(Binders b)
    {
        b.Add(SystemEncodings.MRS, &BindMrs);
        b.Add(SystemEncodings.MSR_reg, &BindMsr);
    }

    private static void BindMrs(Insn* i)
    {
        SystemRegisterEntry? entry = SystemRegisterTable.Find(i->Word >> 5 & 0xFFFF);
        uint rt = i->Word & 0x1F;
        i->D = (byte)(rt == 31 ? CpuState.Sink : rt);
        i->Imm = entry?.Operand ?? 0;
        i->Handler = entry is null || entry.Read == null ? &Raise.Undefined : entry.Read;
    }

    private static void BindMsr(Insn* i)
    {
        SystemRegisterEntry? entry = SystemRegisterTable.Find(i->Word >> 5 & 0xFFFF);
        uint rt = i->Word & 0x1F;
        i->N = (byte)(rt == 31 ? CpuState.Zr : rt);
        i->Imm = entry?.Operand ?? 0;
        i->Imm2 = entry?.Writable ?? 0;
        i->Handler = entry is null || entry.Write == null ? &Raise.Undefined : entry.Write;
    }

    private static int Read(CpuState* s, Insn* i, ulong value)
    {
        s->X[i->D] = value;
        return Status.Next;
    }

    private static int ReadEl1(CpuState* s, Insn* i, ulong value) => s->El == 0 ? Raise.Undefined(s, i) : Read(s, i, value);

    private static int End(CpuState* s, Insn* i)
    {
        s->Pc = s->CurrentPc(i) + 4;
        return Status.Branch;
    }

    // --- Storage and constants

    public static int ReadStored(CpuState* s, Insn* i) => Read(s, i, *Field(s, i));

    public static int ReadStoredEl1(CpuState* s, Insn* i) => ReadEl1(s, i, *Field(s, i));

    public static int ReadConstantEl1(CpuState* s, Insn* i) => ReadEl1(s, i, i->Imm);

    public static int WriteStored(CpuState* s, Insn* i)
    {
        *Field(s, i) = s->X[i->N] & i->Imm2;
        return Status.Next;
    }

    public static int WriteStoredEl1(CpuState* s, Insn* i) => s->El == 0 ? Raise.Undefined(s, i) : WriteStored(s, i);

    /// <summary>The operand is an offset that the register table took from the same struct.</summary>
    private static ulong* Field(CpuState* s, Insn* i) => (ulong*)((byte*)s + i->Imm);

    // --- Translation and control

    public static int WriteSctlr(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core.Of(s).WriteSctlr(s->X[i->N]);
        return End(s, i);
    }

    public static int WriteCpacr(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core.Of(s).WriteCpacr(s->X[i->N]);
        return End(s, i);
    }

    public static int WriteTtbr0(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core.Of(s).WriteTtbr0(s->X[i->N]);
        return End(s, i);
    }

    public static int WriteTtbr1(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core.Of(s).WriteTtbr1(s->X[i->N]);
        return End(s, i);
    }

    public static int WriteTcr(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core.Of(s).WriteTcr(s->X[i->N]);
        return End(s, i);
    }

    public static int WriteMair(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core.Of(s).WriteMair(s->X[i->N]);
        return End(s, i);
    }

    // --- Identification that depends on something

    public static int ReadCcsidr(CpuState* s, Insn* i) => ReadEl1(s, i, IdRegisters.Ccsidr(s->System.CsselrEl1));

    public static int ReadCtr(CpuState* s, Insn* i) =>
        s->El == 0 && (s->System.SctlrEl1 & SystemTrap.SctlrUct) == 0 ? SystemTrap.Raise(s, i) : Read(s, i, IdRegisters.Ctr);

    public static int ReadDczid(CpuState* s, Insn* i) =>
        Read(s, i, IdRegisters.DczidBlock | (s->El == 0 && (s->System.SctlrEl1 & SystemTrap.SctlrDze) == 0 ? IdRegisters.DczidProhibited : 0));

    /// <summary>ISR_EL1: pending SError, IRQ and FIQ in bits 8, 7, 6, masked or not.</summary>
    public static int ReadIsr(CpuState* s, Insn* i)
    {
        int lines = Volatile.Read(ref s->InterruptLines);
        ulong value = ((lines & (int)InterruptLine.SError) != 0 ? 1u << 8 : 0)
            | ((lines & (int)InterruptLine.Irq) != 0 ? 1u << 7 : 0)
            | ((lines & (int)InterruptLine.Fiq) != 0 ? 1u << 6 : 0);
        return ReadEl1(s, i, value);
    }

    // --- PSTATE

    public static int ReadSpEl0(CpuState* s, Insn* i) =>
        s->El == 0 || s->SpSel == 0 ? Raise.Undefined(s, i) : Read(s, i, s->SpEl0);

    public static int WriteSpEl0(CpuState* s, Insn* i)
    {
        if (s->El == 0 || s->SpSel == 0)
            return Raise.Undefined(s, i);
        s->SpEl0 = s->X[i->N];
        return Status.Next;
    }

    public static int ReadSpSel(CpuState* s, Insn* i) => ReadEl1(s, i, s->SpSel);

    public static int WriteSpSel(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core.Of(s).SelectStackPointer((byte)(s->X[i->N] & 1));
        return Status.Next;
    }

    public static int ReadCurrentEl(CpuState* s, Insn* i) => ReadEl1(s, i, (ulong)s->El << 2);

    public static int ReadPan(CpuState* s, Insn* i) => ReadEl1(s, i, (ulong)s->Pan << 22);

    public static int WritePan(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core.Of(s).WritePan((byte)(s->X[i->N] >> 22 & 1));
        return Status.Next;
    }

    public static int ReadUao(CpuState* s, Insn* i) => ReadEl1(s, i, (ulong)s->Uao << 23);

    public static int WriteUao(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core.Of(s).WriteUao((byte)(s->X[i->N] >> 23 & 1));
        return Status.Next;
    }

    public static int ReadNzcv(CpuState* s, Insn* i) => Read(s, i, s->Nzcv);

    public static int WriteNzcv(CpuState* s, Insn* i)
    {
        s->Nzcv = (uint)s->X[i->N] & 0xF000_0000;
        return Status.Next;
    }

    public static int ReadDaif(CpuState* s, Insn* i) =>
        s->El == 0 && (s->System.SctlrEl1 & SystemTrap.SctlrUma) == 0 ? SystemTrap.Raise(s, i) : Read(s, i, (ulong)s->Daif << 6);

    public static int WriteDaif(CpuState* s, Insn* i) => PstateFields.WriteDaif(s, i, (byte)(s->X[i->N] >> 6 & 0xF));

    // --- FP control and status

    /// <summary>AHP, DN, FZ, RMode. No trapped exceptions, no FP16 (C5.2.7).</summary>
    internal const uint FpcrBits = 0x07C0_0000;

    /// <summary>QC, IDC, IXC, UFC, OFC, DZC, IOC.</summary>
    internal const uint FpsrBits = 0x0800_009F;

    public static int ReadFpcr(CpuState* s, Insn* i) => Core.Of(s).FpEnabled ? Read(s, i, s->Fpcr) : Raise.FpTrap(s, i);

    public static int ReadFpsr(CpuState* s, Insn* i) => Core.Of(s).FpEnabled ? Read(s, i, s->Fpsr) : Raise.FpTrap(s, i);

    public static int WriteFpcr(CpuState* s, Insn* i)
    {
        if (!Core.Of(s).FpEnabled)
            return Raise.FpTrap(s, i);
        s->Fpcr = (uint)s->X[i->N] & FpcrBits;
        return Status.Next;
    }

    public static int WriteFpsr(CpuState* s, Insn* i)
    {
        if (!Core.Of(s).FpEnabled)
            return Raise.FpTrap(s, i);
        s->Fpsr = (uint)s->X[i->N] & FpsrBits;
        return Status.Next;
    }

    // --- Debug

    public static int WriteMdscr(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core.Of(s).WriteMdscr(s->X[i->N] & i->Imm2);
        return End(s, i);
    }

    public static int WriteOslar(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core.Of(s).WriteOslar(s->X[i->N]);
        return End(s, i);
    }

    /// <summary>DBGCLAIMSET_EL1 reads as which of the 8 tags exist.</summary>
    public static int ReadClaimSet(CpuState* s, Insn* i) => ReadEl1(s, i, 0xFF);

    public static int WriteClaimSet(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        s->System.DbgclaimEl1 |= s->X[i->N] & 0xFF;
        return Status.Next;
    }

    public static int WriteClaimClear(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        s->System.DbgclaimEl1 &= ~s->X[i->N];
        return Status.Next;
    }

    // --- Registers on the bus

    public static int ReadBusEl1(CpuState* s, Insn* i) => s->El == 0 ? Raise.Undefined(s, i) : ReadBus(s, i);

    public static int WriteBusEl1(CpuState* s, Insn* i) => s->El == 0 ? Raise.Undefined(s, i) : WriteBus(s, i);

    public static int ReadTimer(CpuState* s, Insn* i) => IsTimerPermitted(s, i) ? ReadBus(s, i) : SystemTrap.Raise(s, i);

    public static int WriteTimer(CpuState* s, Insn* i) => IsTimerPermitted(s, i) ? WriteBus(s, i) : SystemTrap.Raise(s, i);

    private static int ReadBus(CpuState* s, Insn* i)
    {
        Core.SynchronizeInstructionCount(s, i);
        return Core.Of(s).SystemRegisterBus.TryRead((uint)i->Imm, s->El, out ulong value) ? Read(s, i, value) : Raise.Undefined(s, i);
    }

    /// <summary>Ends the block: the write may have raised or lowered an interrupt.</summary>
    private static int WriteBus(CpuState* s, Insn* i)
    {
        Core.SynchronizeInstructionCount(s, i);
        return Core.Of(s).SystemRegisterBus.TryWrite((uint)i->Imm, s->El, s->X[i->N]) ? End(s, i) : Raise.Undefined(s, i);
    }

    /// <summary>CNTKCTL_EL1's permissions for EL0 (D11.2): counters by EL0PCTEN and EL0VCTEN, timers by EL0PTEN and EL0VTEN.</summary>
    private static bool IsTimerPermitted(CpuState* s, Insn* i)
    {
        if (s->El != 0)
            return true;
        const ulong El0Pcten = 1, El0Vcten = 2, El0Vten = 1 << 8, El0Pten = 1 << 9;
        ulong needed = (i->Imm >> 3 & 0xF, i->Imm & 7) switch
        {
            (0, 0) => El0Pcten | El0Vcten,
            (0, 1) => El0Pcten,
            (0, 2) => El0Vcten,
            (2, _) => El0Pten,
            (3, _) => El0Vten,
            _ => 0,
        };
        // A register that EL0 has not at all is the bus's to refuse: UNDEFINED.
        return needed == 0 || (s->System.CntkctlEl1 & needed) != 0;
    }
}
