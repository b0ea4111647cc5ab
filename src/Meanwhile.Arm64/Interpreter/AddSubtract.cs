using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>Add and subtract: immediate, shifted register, extended register, with carry (DDI0487 C3.5.1, C3.6.1 to C3.6.3).</summary>
internal static unsafe class AddSubtract
{
    public static void Register(Binders b)
    {
        b.Add(DataProcessingImmediateEncodings.ADD_imm, &BindImmediate<Add64, Add32>);
        b.Add(DataProcessingImmediateEncodings.ADDS_imm, &BindImmediate<Adds64, Adds32>);
        b.Add(DataProcessingImmediateEncodings.SUB_imm, &BindImmediate<Sub64, Sub32>);
        b.Add(DataProcessingImmediateEncodings.SUBS_imm, &BindImmediate<Subs64, Subs32>);

        b.Add(DataProcessingRegisterEncodings.ADD_shift, &DataOperation.BindShifted<Add64, Add32>);
        b.Add(DataProcessingRegisterEncodings.ADDS_shift, &DataOperation.BindShifted<Adds64, Adds32>);
        b.Add(DataProcessingRegisterEncodings.SUB_shift, &DataOperation.BindShifted<Sub64, Sub32>);
        b.Add(DataProcessingRegisterEncodings.SUBS_shift, &DataOperation.BindShifted<Subs64, Subs32>);

        b.Add(DataProcessingRegisterEncodings.ADD_ext, &BindExtended<Add64, Add32>);
        b.Add(DataProcessingRegisterEncodings.ADDS_ext, &BindExtended<Adds64, Adds32>);
        b.Add(DataProcessingRegisterEncodings.SUB_ext, &BindExtended<Sub64, Sub32>);
        b.Add(DataProcessingRegisterEncodings.SUBS_ext, &BindExtended<Subs64, Subs32>);

        b.Add(DataProcessingRegisterEncodings.ADC, &DataOperation.BindRegister<Adc64, Adc32>);
        b.Add(DataProcessingRegisterEncodings.ADCS, &DataOperation.BindRegister<Adcs64, Adcs32>);
        b.Add(DataProcessingRegisterEncodings.SBC, &DataOperation.BindRegister<Sbc64, Sbc32>);
        b.Add(DataProcessingRegisterEncodings.SBCS, &DataOperation.BindRegister<Sbcs64, Sbcs32>);
    }

    private static void BindImmediate<T64, T32>(Insn* i)
        where T64 : struct, IDataOperation
        where T32 : struct, IDataOperation
    {
        i->D = T64.SetsFlags ? Slot.Destination(i->Word, 0) : Slot.OrSp(i->Word, 0);
        i->N = Slot.OrSp(i->Word, 5);
        bool shifted = (i->Word & (1 << 22)) != 0;
        i->Imm = (ulong)((i->Word >> 10) & 0xFFF) << (shifted ? 12 : 0);
        DataOperation.SetHandler<T64, T32, ImmediateOperand>(i);
    }

    private static void BindExtended<T64, T32>(Insn* i)
        where T64 : struct, IDataOperation
        where T32 : struct, IDataOperation
    {
        i->D = T64.SetsFlags ? Slot.Destination(i->Word, 0) : Slot.OrSp(i->Word, 0);
        i->N = Slot.OrSp(i->Word, 5);
        i->M = Slot.Source(i->Word, 16);
        i->Shift = (byte)((i->Word >> 10) & 7);
        uint option = (i->Word >> 13) & 7;
        int width = 8 << (int)(option & 3);
        i->Option = (byte)(64 - width);
        i->Imm = ulong.MaxValue >> i->Option;
        if ((option & 4) == 0)
            DataOperation.SetHandler<T64, T32, ZeroExtendedOperand>(i);
        else
            DataOperation.SetHandler<T64, T32, SignExtendedOperand>(i);
    }
}
