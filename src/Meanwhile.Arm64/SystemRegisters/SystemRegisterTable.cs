using System.Runtime.InteropServices;
using Meanwhile.Arm64.Interpreter;
using static Meanwhile.Arm64.Interpreter.SystemRegisterMoves;

namespace Meanwhile.Arm64.SystemRegisters;

/// <summary>
/// Every system register of this PE, by op0, op1, CRn, CRm, op2 (DDI0487 D17 and D19). What is not here is UNDEFINED, except that the
/// interrupt controller's and the timer's registers are the bus's to know and that the identification space reads as zero.
/// </summary>
internal static unsafe class SystemRegisterTable
{
    private static readonly Dictionary<uint, SystemRegisterEntry> Entries = [];

    /// <summary>
    /// A state whose only use is the distances of its fields from it, while the table is made. Real memory, because taking the address of a
    /// field may touch it.
    /// </summary>
    private static readonly CpuState* Model = (CpuState*)NativeMemory.AllocZeroed((nuint)sizeof(CpuState));

    static SystemRegisterTable()
    {
        SystemRegisterFile* f = &Model->System;

        // Identification
        Stored("MIDR_EL1", 3, 0, 0, 0, 0, &f->MidrEl1, readOnly: true);
        Stored("MPIDR_EL1", 3, 0, 0, 0, 5, &f->MpidrEl1, readOnly: true);
        Constant("REVIDR_EL1", 3, 0, 0, 0, 6, 0);
        Constant("ID_AA64PFR0_EL1", 3, 0, 0, 4, 0, IdRegisters.Pfr0);
        Constant("ID_AA64DFR0_EL1", 3, 0, 0, 5, 0, IdRegisters.Dfr0);
        Constant("ID_AA64ISAR0_EL1", 3, 0, 0, 6, 0, IdRegisters.Isar0);
        Constant("ID_AA64ISAR1_EL1", 3, 0, 0, 6, 1, IdRegisters.Isar1);
        Constant("ID_AA64MMFR0_EL1", 3, 0, 0, 7, 0, IdRegisters.Mmfr0);
        Constant("ID_AA64MMFR1_EL1", 3, 0, 0, 7, 1, IdRegisters.Mmfr1);
        Constant("ID_AA64MMFR2_EL1", 3, 0, 0, 7, 2, IdRegisters.Mmfr2);
        Constant("CLIDR_EL1", 3, 1, 0, 0, 1, IdRegisters.Clidr);
        Constant("AIDR_EL1", 3, 1, 0, 0, 7, 0);
        Handled("CCSIDR_EL1", 3, 1, 0, 0, 0, &ReadCcsidr, null);
        Stored("CSSELR_EL1", 3, 2, 0, 0, 0, &f->CsselrEl1, writable: 0xF);
        Handled("CTR_EL0", 3, 3, 0, 0, 1, &ReadCtr, null);
        Handled("DCZID_EL0", 3, 3, 0, 0, 7, &ReadDczid, null);

        // Control and translation
        Handled("SCTLR_EL1", 3, 0, 1, 0, 0, &ReadStoredEl1, &WriteSctlr, &f->SctlrEl1, access: FieldAccess.ReadAtEl1);
        Stored("ACTLR_EL1", 3, 0, 1, 0, 1, &f->ActlrEl1, writable: 0);
        Handled("CPACR_EL1", 3, 0, 1, 0, 2, &ReadStoredEl1, &WriteCpacr, &f->CpacrEl1, access: FieldAccess.ReadAtEl1);
        Handled("TTBR0_EL1", 3, 0, 2, 0, 0, &ReadStoredEl1, &WriteTtbr0, &f->Ttbr0El1, access: FieldAccess.ReadAtEl1);
        Handled("TTBR1_EL1", 3, 0, 2, 0, 1, &ReadStoredEl1, &WriteTtbr1, &f->Ttbr1El1, access: FieldAccess.ReadAtEl1);
        Handled("TCR_EL1", 3, 0, 2, 0, 2, &ReadStoredEl1, &WriteTcr, &f->TcrEl1, access: FieldAccess.ReadAtEl1);
        Handled("MAIR_EL1", 3, 0, 10, 2, 0, &ReadStoredEl1, &WriteMair, &f->MairEl1, access: FieldAccess.ReadAtEl1);
        Stored("AMAIR_EL1", 3, 0, 10, 3, 0, &f->AmairEl1, writable: 0);
        Stored("PAR_EL1", 3, 0, 7, 4, 0, &f->ParEl1);
        Stored("CONTEXTIDR_EL1", 3, 0, 13, 0, 1, &f->ContextidrEl1, writable: uint.MaxValue);

        // Exceptions
        Stored("SPSR_EL1", 3, 0, 4, 0, 0, &f->SpsrEl1, writable: uint.MaxValue);
        Stored("ELR_EL1", 3, 0, 4, 0, 1, &f->ElrEl1);
        Stored("AFSR0_EL1", 3, 0, 5, 1, 0, &f->Afsr0El1, writable: 0);
        Stored("AFSR1_EL1", 3, 0, 5, 1, 1, &f->Afsr1El1, writable: 0);
        Stored("ESR_EL1", 3, 0, 5, 2, 0, &f->EsrEl1, writable: uint.MaxValue);
        Stored("FAR_EL1", 3, 0, 6, 0, 0, &f->FarEl1);
        Stored("VBAR_EL1", 3, 0, 12, 0, 0, &f->VbarEl1, writable: ~0x7FFUL);
        Constant("RVBAR_EL1", 3, 0, 12, 0, 1, 0);
        Handled("ISR_EL1", 3, 0, 12, 1, 0, &ReadIsr, null);

        // PSTATE and stack pointer
        Handled("SP_EL0", 3, 0, 4, 1, 0, &ReadSpEl0, &WriteSpEl0);
        Handled("SPSel", 3, 0, 4, 2, 0, &ReadSpSel, &WriteSpSel);
        Handled("CurrentEL", 3, 0, 4, 2, 2, &ReadCurrentEl, null);
        Handled("PAN", 3, 0, 4, 2, 3, &ReadPan, &WritePan);
        Handled("UAO", 3, 0, 4, 2, 4, &ReadUao, &WriteUao);
        Handled("NZCV", 3, 3, 4, 2, 0, &ReadNzcv, &WriteNzcv);
        Handled("DAIF", 3, 3, 4, 2, 1, &ReadDaif, &WriteDaif);
        Handled("FPCR", 3, 3, 4, 4, 0, &ReadFpcr, &WriteFpcr);
        Handled("FPSR", 3, 3, 4, 4, 1, &ReadFpsr, &WriteFpsr);

        // Thread registers
        const FieldAccess everywhere = FieldAccess.ReadAtEl0 | FieldAccess.ReadAtEl1 | FieldAccess.WriteAtEl0 | FieldAccess.WriteAtEl1;
        Handled("TPIDR_EL0", 3, 3, 13, 0, 2, &ReadStored, &WriteStored, &f->TpidrEl0, access: everywhere);
        Handled("TPIDRRO_EL0", 3, 3, 13, 0, 3, &ReadStored, &WriteStoredEl1, &f->TpidrroEl0, access: everywhere & ~FieldAccess.WriteAtEl0);
        Stored("TPIDR_EL1", 3, 0, 13, 0, 4, &f->TpidrEl1);

        // Timer: only what controls access is the core's.
        Stored("CNTKCTL_EL1", 3, 0, 14, 1, 0, &f->CntkctlEl1, writable: 0x3FF);

        // Debug
        Handled("MDSCR_EL1", 2, 0, 0, 2, 2, &ReadStoredEl1, &WriteMdscr, &f->MdscrEl1, writable: 0xFC00_F07F);
        Handled("OSLAR_EL1", 2, 0, 1, 0, 4, null, &WriteOslar);
        Stored("OSLSR_EL1", 2, 0, 1, 1, 4, &f->OslsrEl1, readOnly: true);
        Stored("OSDLR_EL1", 2, 0, 1, 3, 4, &f->OsdlrEl1, writable: 1);
        Stored("DBGPRCR_EL1", 2, 0, 1, 4, 4, &f->DbgprcrEl1, writable: 1);
        Stored("MDCCINT_EL1", 2, 0, 0, 2, 0, &f->MdccintEl1, writable: 3UL << 29);
        Stored("OSDTRRX_EL1", 2, 0, 0, 0, 2, &f->OsdtrrxEl1, writable: uint.MaxValue);
        Stored("OSDTRTX_EL1", 2, 0, 0, 3, 2, &f->OsdtrtxEl1, writable: uint.MaxValue);
        Stored("OSECCR_EL1", 2, 0, 0, 6, 2, &f->OseccrEl1, writable: uint.MaxValue);
        Constant("MDRAR_EL1", 2, 0, 1, 0, 0, 0);
        Constant("DBGAUTHSTATUS_EL1", 2, 0, 7, 14, 6, 0);
        Handled("DBGCLAIMSET_EL1", 2, 0, 7, 8, 6, &ReadClaimSet, &WriteClaimSet);
        Handled("DBGCLAIMCLR_EL1", 2, 0, 7, 9, 6, &ReadStoredEl1, &WriteClaimClear, &f->DbgclaimEl1);
        Constant("MDCCSR_EL0", 2, 3, 0, 1, 0, 0);
        for (uint n = 0; n < 2; n++)
        {
            Stored($"DBGBVR{n}_EL1", 2, 0, 0, n, 4, &f->Dbgbvr[n]);
            Stored($"DBGBCR{n}_EL1", 2, 0, 0, n, 5, &f->Dbgbcr[n], writable: 0x00FF_E1E7);
            Stored($"DBGWVR{n}_EL1", 2, 0, 0, n, 6, &f->Dbgwvr[n]);
            Stored($"DBGWCR{n}_EL1", 2, 0, 0, n, 7, &f->Dbgwcr[n], writable: 0x1F1F_FFFF);
        }

        NativeMemory.Free(Model);
    }

    /// <summary>Keys of all registers that have a line, ascending.</summary>
    public static IEnumerable<uint> Keys => Entries.Keys.Order();

    /// <summary>The line of that key; null when there is none.</summary>
    public static SystemRegisterEntry? Known(uint key) => Entries.GetValueOrDefault(key);

    /// <summary>The register of that key; null when there is none.</summary>
    public static SystemRegisterEntry? Find(uint key)
    {
        if (Entries.TryGetValue(key, out SystemRegisterEntry? entry))
            return entry;
        uint op0 = key >> 14, op1 = key >> 11 & 7, crn = key >> 7 & 0xF, crm = key >> 3 & 0xF, op2 = key & 7;
        // D17.1.3: the rest of the identification space is RAZ.
        if (op0 == 3 && op1 == 0 && crn == 0 && crm is >= 1 and <= 7)
            return new SystemRegisterEntry("reserved ID register") { Read = &ReadConstantEl1, Field = FieldAccess.ConstantAtEl1 };
        bool timer = op0 == 3 && crn == 14;
        bool gic = op0 == 3 && op1 == 0 && ((crn == 12 && crm is >= 8 and <= 12) || (crn == 4 && crm == 6 && op2 == 0));
        if (gic)
            return new SystemRegisterEntry("ICC") { Read = &ReadBusEl1, Write = &WriteBusEl1, Operand = key };
        if (timer && op1 is 0 or 3)
            return new SystemRegisterEntry("CNT") { Read = &ReadTimer, Write = &WriteTimer, Operand = key };
        return null;
    }

    private static void Stored(
        string name, uint op0, uint op1, uint crn, uint crm, uint op2, ulong* field, ulong writable = ulong.MaxValue, bool readOnly = false)
    {
        FieldAccess access = readOnly ? FieldAccess.ReadAtEl1 : FieldAccess.ReadAtEl1 | FieldAccess.WriteAtEl1;
        Handled(name, op0, op1, crn, crm, op2, &ReadStoredEl1, readOnly ? null : &WriteStoredEl1, field, writable, access);
    }

    private static void Constant(string name, uint op0, uint op1, uint crn, uint crm, uint op2, ulong value) =>
        Add(name, op0, op1, crn, crm, op2, &ReadConstantEl1, null, value, 0, FieldAccess.ConstantAtEl1);

    /// <param name="name">The manual's name.</param>
    /// <param name="op0">Operand fields, as the manual lists them.</param>
    /// <param name="op1">As <paramref name="op0"/>.</param>
    /// <param name="crn">As <paramref name="op0"/>.</param>
    /// <param name="crm">As <paramref name="op0"/>.</param>
    /// <param name="op2">As <paramref name="op0"/>.</param>
    /// <param name="read">Handler of MRS, or null.</param>
    /// <param name="write">Handler of MSR, or null.</param>
    /// <param name="field">Field of <see cref="Model"/>, or null.</param>
    /// <param name="writable">Bits that MSR can change; the others read as zero.</param>
    /// <param name="access">What is a plain access to the field.</param>
    private static void Handled(
        string name,
        uint op0,
        uint op1,
        uint crn,
        uint crm,
        uint op2,
        delegate*<CpuState*, Insn*, int> read,
        delegate*<CpuState*, Insn*, int> write,
        ulong* field = null,
        ulong writable = ulong.MaxValue,
        FieldAccess access = FieldAccess.None)
    {
        ulong operand = field is null ? 0 : (ulong)((byte*)field - (byte*)Model);
        Add(name, op0, op1, crn, crm, op2, read, write, operand, writable, access);
    }

    private static void Add(
        string name,
        uint op0,
        uint op1,
        uint crn,
        uint crm,
        uint op2,
        delegate*<CpuState*, Insn*, int> read,
        delegate*<CpuState*, Insn*, int> write,
        ulong operand,
        ulong writable,
        FieldAccess access = FieldAccess.None)
    {
        uint key = SystemRegister.Key(op0, op1, crn, crm, op2);
        Entries.Add(key, new SystemRegisterEntry(name) { Read = read, Write = write, Operand = operand, Writable = writable, Field = access });
    }
}
