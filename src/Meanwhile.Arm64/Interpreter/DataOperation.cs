namespace Meanwhile.Arm64.Interpreter;

/// <summary>Two operands to one result, in one width; a 32-bit operation clears the upper half of its result.</summary>
internal unsafe interface IDataOperation
{
    /// <summary>Writes NZCV.</summary>
    static abstract bool SetsFlags { get; }

    /// <summary>The result; sets the flags when it does.</summary>
    static abstract ulong Apply(CpuState* s, ulong a, ulong b);
}

/// <summary>Binders and the handler that operations with a second operand share: every pair of them is a specialised handler.</summary>
internal static unsafe class DataOperation
{
    /// <summary>op Rd, Rn, operand.</summary>
    public static int Execute<TOperation, TOperand>(CpuState* s, Insn* i)
        where TOperation : struct, IDataOperation
        where TOperand : struct, ISecondOperand
    {
        s->X[i->D] = TOperation.Apply(s, s->X[i->N], TOperand.Of(s, i));
        return Status.Next;
    }

    /// <summary>Sets the handler for <typeparamref name="TOperand"/> in the width that sf, bit 31, says.</summary>
    public static void SetHandler<T64, T32, TOperand>(Insn* i)
        where T64 : struct, IDataOperation
        where T32 : struct, IDataOperation
        where TOperand : struct, ISecondOperand =>
        i->Handler = Is64(i) ? &Execute<T64, TOperand> : &Execute<T32, TOperand>;

    /// <summary>op Rd, Rn, Rm: two sources, registers 31 are XZR.</summary>
    public static void BindRegister<T64, T32>(Insn* i)
        where T64 : struct, IDataOperation
        where T32 : struct, IDataOperation
    {
        i->D = Slot.Destination(i->Word, 0);
        i->N = Slot.Source(i->Word, 5);
        i->M = Slot.Source(i->Word, 16);
        SetHandler<T64, T32, RegisterOperand>(i);
    }

    /// <summary>op Rd, Rn, Rm, shift #imm6.</summary>
    public static void BindShifted<T64, T32>(Insn* i)
        where T64 : struct, IDataOperation
        where T32 : struct, IDataOperation
    {
        BindRegister<T64, T32>(i);
        i->Shift = (byte)((i->Word >> 10) & 0x3F);
        if (i->Shift == 0)
            return;
        switch ((i->Word >> 22) & 3)
        {
            case 0:
                SetHandler<T64, T32, LslOperand>(i);
                break;
            case 1:
                i->Handler = Is64(i) ? &Execute<T64, LsrOperand64> : &Execute<T32, LsrOperand32>;
                break;
            case 2:
                i->Handler = Is64(i) ? &Execute<T64, AsrOperand64> : &Execute<T32, AsrOperand32>;
                break;
            default:
                i->Handler = Is64(i) ? &Execute<T64, RorOperand64> : &Execute<T32, RorOperand32>;
                break;
        }
    }

    private static bool Is64(Insn* i) => i->Word >> 31 != 0;
}
