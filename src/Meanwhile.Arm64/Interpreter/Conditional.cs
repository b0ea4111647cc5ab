using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>Conditional select and conditional compare (DDI0487 C3.6.10, C3.6.11). The condition's truth table is in Imm2.</summary>
internal static unsafe class Conditional
{
    public static void Register(Binders b)
    {
        b.Add(DataProcessingRegisterEncodings.CSEL, &BindCsel);
        b.Add(DataProcessingRegisterEncodings.CSINC, &BindCsinc);
        b.Add(DataProcessingRegisterEncodings.CSINV, &BindCsinv);
        b.Add(DataProcessingRegisterEncodings.CSNEG, &BindCsneg);
        b.Add(DataProcessingRegisterEncodings.CCMN_reg, &BindCompareRegister<Adds64, Adds32>);
        b.Add(DataProcessingRegisterEncodings.CCMP_reg, &BindCompareRegister<Subs64, Subs32>);
        b.Add(DataProcessingRegisterEncodings.CCMN_imm, &BindCompareImmediate<Adds64, Adds32>);
        b.Add(DataProcessingRegisterEncodings.CCMP_imm, &BindCompareImmediate<Subs64, Subs32>);
    }

    private static bool Unpack(Insn* i)
    {
        i->D = Slot.Destination(i->Word, 0);
        i->N = Slot.Source(i->Word, 5);
        i->M = Slot.Source(i->Word, 16);
        i->Imm2 = Condition.TruthTable((i->Word >> 12) & 15);
        return i->Word >> 31 != 0;
    }

    private static void BindCsel(Insn* i) => i->Handler = Unpack(i) ? &Csel64 : &Csel32;

    private static void BindCsinc(Insn* i) => i->Handler = Unpack(i) ? &Csinc64 : &Csinc32;

    private static void BindCsinv(Insn* i) => i->Handler = Unpack(i) ? &Csinv64 : &Csinv32;

    private static void BindCsneg(Insn* i) => i->Handler = Unpack(i) ? &Csneg64 : &Csneg32;

    private static void BindCompareRegister<T64, T32>(Insn* i)
        where T64 : struct, IDataOperation
        where T32 : struct, IDataOperation =>
        i->Handler = Unpack(i) ? &Compare<T64, RegisterOperand> : &Compare<T32, RegisterOperand>;

    private static void BindCompareImmediate<T64, T32>(Insn* i)
        where T64 : struct, IDataOperation
        where T32 : struct, IDataOperation
    {
        i->Imm = (i->Word >> 16) & 31;
        i->Handler = Unpack(i) ? &Compare<T64, ImmediateOperand> : &Compare<T32, ImmediateOperand>;
    }

    private static int Compare<TOperation, TOperand>(CpuState* s, Insn* i)
        where TOperation : struct, IDataOperation
        where TOperand : struct, ISecondOperand
    {
        if (Condition.Holds(s, i))
            TOperation.Apply(s, s->X[i->N], TOperand.Of(s, i));
        else
            s->Nzcv = i->Word << 28;
        return Status.Next;
    }

    private static int Csel64(CpuState* s, Insn* i)
    {
        s->X[i->D] = Condition.Holds(s, i) ? s->X[i->N] : s->X[i->M];
        return Status.Next;
    }

    private static int Csel32(CpuState* s, Insn* i)
    {
        s->X[i->D] = Condition.Holds(s, i) ? (uint)s->X[i->N] : (uint)s->X[i->M];
        return Status.Next;
    }

    private static int Csinc64(CpuState* s, Insn* i)
    {
        s->X[i->D] = Condition.Holds(s, i) ? s->X[i->N] : s->X[i->M] + 1;
        return Status.Next;
    }

    private static int Csinc32(CpuState* s, Insn* i)
    {
        s->X[i->D] = Condition.Holds(s, i) ? (uint)s->X[i->N] : (uint)s->X[i->M] + 1;
        return Status.Next;
    }

    private static int Csinv64(CpuState* s, Insn* i)
    {
        s->X[i->D] = Condition.Holds(s, i) ? s->X[i->N] : ~s->X[i->M];
        return Status.Next;
    }

    private static int Csinv32(CpuState* s, Insn* i)
    {
        s->X[i->D] = Condition.Holds(s, i) ? (uint)s->X[i->N] : ~(uint)s->X[i->M];
        return Status.Next;
    }

    private static int Csneg64(CpuState* s, Insn* i)
    {
        s->X[i->D] = Condition.Holds(s, i) ? s->X[i->N] : 0 - s->X[i->M];
        return Status.Next;
    }

    private static int Csneg32(CpuState* s, Insn* i)
    {
        s->X[i->D] = Condition.Holds(s, i) ? (uint)s->X[i->N] : 0 - (uint)s->X[i->M];
        return Status.Next;
    }
}
