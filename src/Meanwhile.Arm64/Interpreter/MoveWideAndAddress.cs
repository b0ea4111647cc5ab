using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>ADR, ADRP and the move wide instructions (DDI0487 C3.5.3, C3.5.5).</summary>
internal static unsafe class MoveWideAndAddress
{
    public static void Register(Binders b)
    {
        b.Add(DataProcessingImmediateEncodings.ADR, &BindAdr);
        b.Add(DataProcessingImmediateEncodings.ADRP, &BindAdrp);
        b.Add(DataProcessingImmediateEncodings.MOVZ, &BindMovz);
        b.Add(DataProcessingImmediateEncodings.MOVN, &BindMovn);
        b.Add(DataProcessingImmediateEncodings.MOVK, &BindMovk);
    }

    private static void BindAdr(Insn* i)
    {
        i->D = Slot.Destination(i->Word, 0);
        i->Imm = i->PageOffset + (ulong)AddressImmediate(i->Word);
        i->Handler = &Address;
    }

    private static void BindAdrp(Insn* i)
    {
        i->D = Slot.Destination(i->Word, 0);
        i->Imm = (ulong)(AddressImmediate(i->Word) << 12);
        i->Handler = &Address;
    }

    /// <summary>immhi:immlo, 21 bits, signed.</summary>
    private static long AddressImmediate(uint word)
    {
        uint imm = ((word >> 3) & 0x1F_FFFC) | ((word >> 29) & 3);
        return (int)(imm << 11) >> 11;
    }

    private static void BindMovz(Insn* i)
    {
        i->D = Slot.Destination(i->Word, 0);
        i->Imm = Halfword(i->Word);
        i->Handler = &Constant;
    }

    private static void BindMovn(Insn* i)
    {
        i->D = Slot.Destination(i->Word, 0);
        i->Imm = ~Halfword(i->Word) & Width(i->Word);
        i->Handler = &Constant;
    }

    private static void BindMovk(Insn* i)
    {
        i->D = Slot.Destination(i->Word, 0);
        i->N = Slot.Source(i->Word, 0);
        i->Imm = Halfword(i->Word);
        i->Imm2 = Width(i->Word) & ~(0xFFFFUL << Position(i->Word));
        i->Handler = &Movk;
    }

    private static int Position(uint word) => (int)((word >> 21) & 3) * 16;

    private static ulong Halfword(uint word) => (ulong)((word >> 5) & 0xFFFF) << Position(word);

    private static ulong Width(uint word) => word >> 31 != 0 ? ulong.MaxValue : uint.MaxValue;

    private static int Address(CpuState* s, Insn* i)
    {
        s->X[i->D] = s->CodePageVa + i->Imm;
        return Status.Next;
    }

    private static int Constant(CpuState* s, Insn* i)
    {
        s->X[i->D] = i->Imm;
        return Status.Next;
    }

    private static int Movk(CpuState* s, Insn* i)
    {
        s->X[i->D] = (s->X[i->N] & i->Imm2) | i->Imm;
        return Status.Next;
    }
}
