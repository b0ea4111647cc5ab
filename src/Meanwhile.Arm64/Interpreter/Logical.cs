using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>Logical instructions, immediate and shifted register (DDI0487 C3.5.2, C3.6.4).</summary>
internal static unsafe class Logical
{
    public static void Register(Binders b)
    {
        b.Add(DataProcessingImmediateEncodings.AND_imm, &BindImmediate<And64, And32>);
        b.Add(DataProcessingImmediateEncodings.ORR_imm, &BindImmediate<Orr64, Orr32>);
        b.Add(DataProcessingImmediateEncodings.EOR_imm, &BindImmediate<Eor64, Eor32>);
        b.Add(DataProcessingImmediateEncodings.ANDS_imm, &BindImmediate<Ands64, Ands32>);

        b.Add(DataProcessingRegisterEncodings.AND_shift, &DataOperation.BindShifted<And64, And32>);
        b.Add(DataProcessingRegisterEncodings.BIC_shift, &DataOperation.BindShifted<Bic64, Bic32>);
        b.Add(DataProcessingRegisterEncodings.ORR_shift, &DataOperation.BindShifted<Orr64, Orr32>);
        b.Add(DataProcessingRegisterEncodings.ORN_shift, &DataOperation.BindShifted<Orn64, Orn32>);
        b.Add(DataProcessingRegisterEncodings.EOR_shift, &DataOperation.BindShifted<Eor64, Eor32>);
        b.Add(DataProcessingRegisterEncodings.EON_shift, &DataOperation.BindShifted<Eon64, Eon32>);
        b.Add(DataProcessingRegisterEncodings.ANDS_shift, &DataOperation.BindShifted<Ands64, Ands32>);
        b.Add(DataProcessingRegisterEncodings.BICS_shift, &DataOperation.BindShifted<Bics64, Bics32>);
    }

    private static void BindImmediate<T64, T32>(Insn* i)
        where T64 : struct, IDataOperation
        where T32 : struct, IDataOperation
    {
        i->D = T64.SetsFlags ? Slot.Destination(i->Word, 0) : Slot.OrSp(i->Word, 0);
        i->N = Slot.Source(i->Word, 5);
        BitMask.TryDecode((i->Word >> 22) & 1, (i->Word >> 16) & 0x3F, (i->Word >> 10) & 0x3F, out i->Imm);
        DataOperation.SetHandler<T64, T32, ImmediateOperand>(i);
    }
}
