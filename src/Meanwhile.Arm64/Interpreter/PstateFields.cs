using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Exceptions;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>MSR (immediate).</summary>
internal static unsafe class PstateFields
{
    public static void Register(Binders b)
    {
        b.Add(SystemEncodings.MSR_UAO, &BindUao);
        b.Add(SystemEncodings.MSR_PAN, &BindPan);
        b.Add(SystemEncodings.MSR_SPSel, &BindSpSel);
        b.Add(SystemEncodings.MSR_DAIFSet, &BindDaifSet);
        b.Add(SystemEncodings.MSR_DAIFClr, &BindDaifClr);
    }

    private static void BindUao(Insn* i) => Bind(i, &Uao);

    private static void BindPan(Insn* i) => Bind(i, &Pan);

    private static void BindSpSel(Insn* i) => Bind(i, &SpSel);

    private static void BindDaifSet(Insn* i) => Bind(i, &DaifSet);

    private static void BindDaifClr(Insn* i) => Bind(i, &DaifClr);

    private static void Bind(Insn* i, delegate*<CpuState*, Insn*, int> handler)
    {
        i->Imm = i->Word >> 8 & 0xF;
        i->Handler = handler;
    }

    private static int Uao(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core.Of(s).WriteUao((byte)(i->Imm & 1));
        return Status.Next;
    }

    private static int Pan(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core.Of(s).WritePan((byte)(i->Imm & 1));
        return Status.Next;
    }

    private static int SpSel(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core.Of(s).SelectStackPointer((byte)(i->Imm & 1));
        return Status.Next;
    }

    private static int DaifSet(CpuState* s, Insn* i) => WriteDaif(s, i, (byte)(s->Daif | i->Imm));

    private static int DaifClr(CpuState* s, Insn* i) => WriteDaif(s, i, (byte)(s->Daif & ~i->Imm));

    /// <summary>Writes PSTATE.DAIF, from EL0 only where SCTLR_EL1.UMA permits it. Ends the block if it may have unmasked an interrupt.</summary>
    internal static int WriteDaif(CpuState* s, Insn* i, byte value)
    {
        if (s->El == 0 && (s->System.SctlrEl1 & SystemTrap.SctlrUma) == 0)
            return SystemTrap.Raise(s, i);
        int unmasked = s->Daif & ~value;
        s->Daif = value;
        if ((s->System.MdscrEl1 & 1) != 0)
            Core.Of(s).MaskChangedWhileStepping();
        else if (unmasked == 0 || Volatile.Read(ref s->InterruptLines) == 0)
            return Status.Next;
        Core.Of(s).ReconsiderInterrupts();
        s->Pc = s->CurrentPc(i) + 4;
        return Status.Branch;
    }
}
