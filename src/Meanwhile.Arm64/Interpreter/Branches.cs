using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>
/// Branches (DDI0487 C3.1). Direct targets are bound relative to the page, so that a handler adds them to <see cref="CpuState.CodePageVa"/>.
/// A conditional branch that is not taken goes on in its block. Misaligned targets fault when they are fetched.
/// </summary>
internal static unsafe class Branches
{
    private const int LinkRegister = 30;

    public static void Register(Binders b)
    {
        b.Add(BranchEncodings.B, &BindB);
        b.Add(BranchEncodings.BL, &BindBl);
        b.Add(BranchEncodings.B_cond, &BindConditional);
        b.Add(BranchEncodings.CBZ, &BindCbz);
        b.Add(BranchEncodings.CBNZ, &BindCbnz);
        b.Add(BranchEncodings.TBZ, &BindTbz);
        b.Add(BranchEncodings.TBNZ, &BindTbnz);
        b.Add(BranchEncodings.BR, &BindBr);
        b.Add(BranchEncodings.BLR, &BindBlr);
        b.Add(BranchEncodings.RET, &BindBr);
    }

    private static void BindB(Insn* i)
    {
        i->Imm = Target(i, 0, 26);
        i->Handler = &B;
    }

    private static void BindBl(Insn* i)
    {
        i->Imm = Target(i, 0, 26);
        i->Handler = &Bl;
    }

    private static void BindConditional(Insn* i)
    {
        i->Imm = Target(i, 5, 19);
        i->Imm2 = Condition.TruthTable(i->Word & 15);
        i->Handler = (i->Word & 15) switch
        {
            0b0000 => &BEq,
            0b0001 => &BNe,
            _ => &BCond,
        };
    }

    private static void BindCbz(Insn* i)
    {
        BindCompare(i);
        i->Handler = i->Word >> 31 != 0 ? &Cbz64 : &Cbz32;
    }

    private static void BindCbnz(Insn* i)
    {
        BindCompare(i);
        i->Handler = i->Word >> 31 != 0 ? &Cbnz64 : &Cbnz32;
    }

    private static void BindCompare(Insn* i)
    {
        i->N = Slot.Source(i->Word, 0);
        i->Imm = Target(i, 5, 19);
    }

    private static void BindTbz(Insn* i)
    {
        BindTest(i);
        i->Handler = &Tbz;
    }

    private static void BindTbnz(Insn* i)
    {
        BindTest(i);
        i->Handler = &Tbnz;
    }

    private static void BindTest(Insn* i)
    {
        i->N = Slot.Source(i->Word, 0);
        i->Imm = Target(i, 5, 14);
        i->Imm2 = 1UL << (int)(((i->Word >> 26) & 0x20) | ((i->Word >> 19) & 0x1F));
    }

    private static void BindBr(Insn* i)
    {
        i->N = Slot.Source(i->Word, 5);
        i->Handler = &Br;
    }

    private static void BindBlr(Insn* i)
    {
        i->N = Slot.Source(i->Word, 5);
        i->Handler = &Blr;
    }

    /// <summary>The signed word offset in the field, as a distance in bytes from the start of the instruction's page.</summary>
    private static ulong Target(Insn* i, int low, int width)
    {
        int unused = 32 - width;
        int words = (int)(i->Word >> low << unused) >> unused;
        return i->PageOffset + (ulong)((long)words * sizeof(uint));
    }

    private static int Take(CpuState* s, Insn* i)
    {
        s->Pc = s->CodePageVa + i->Imm;
        return Status.Branch;
    }

    private static int B(CpuState* s, Insn* i) => Take(s, i);

    private static int Bl(CpuState* s, Insn* i)
    {
        s->X[LinkRegister] = s->CurrentPc(i) + sizeof(uint);
        return Take(s, i);
    }

    private static int BCond(CpuState* s, Insn* i) => Condition.Holds(s, i) ? Take(s, i) : Status.Next;

    private static int BEq(CpuState* s, Insn* i) => (s->Nzcv & Flags.Z) != 0 ? Take(s, i) : Status.Next;

    private static int BNe(CpuState* s, Insn* i) => (s->Nzcv & Flags.Z) == 0 ? Take(s, i) : Status.Next;

    private static int Cbz64(CpuState* s, Insn* i) => s->X[i->N] == 0 ? Take(s, i) : Status.Next;

    private static int Cbz32(CpuState* s, Insn* i) => (uint)s->X[i->N] == 0 ? Take(s, i) : Status.Next;

    private static int Cbnz64(CpuState* s, Insn* i) => s->X[i->N] != 0 ? Take(s, i) : Status.Next;

    private static int Cbnz32(CpuState* s, Insn* i) => (uint)s->X[i->N] != 0 ? Take(s, i) : Status.Next;

    private static int Tbz(CpuState* s, Insn* i) => (s->X[i->N] & i->Imm2) == 0 ? Take(s, i) : Status.Next;

    private static int Tbnz(CpuState* s, Insn* i) => (s->X[i->N] & i->Imm2) != 0 ? Take(s, i) : Status.Next;

    private static int Br(CpuState* s, Insn* i)
    {
        s->Pc = s->X[i->N];
        return Status.Branch;
    }

    private static int Blr(CpuState* s, Insn* i)
    {
        // Rn may be X30.
        ulong target = s->X[i->N];
        s->X[LinkRegister] = s->CurrentPc(i) + sizeof(uint);
        s->Pc = target;
        return Status.Branch;
    }
}
