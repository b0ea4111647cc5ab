using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>
/// Bitfield moves and EXTR (DDI0487 C3.5.6 to C3.5.8). Both forms of a bitfield move, extract and insert in zero, are a left shift that puts
/// the field's top at the register's top and a right shift to its place.
/// </summary>
internal static unsafe class BitfieldAndExtract
{
    public static void Register(Binders b)
    {
        b.Add(DataProcessingImmediateEncodings.UBFM, &BindUbfm);
        b.Add(DataProcessingImmediateEncodings.SBFM, &BindSbfm);
        b.Add(DataProcessingImmediateEncodings.BFM, &BindBfm);
        b.Add(DataProcessingImmediateEncodings.EXTR, &BindExtr);
    }

    private static bool Is64(Insn* i) => i->Word >> 31 != 0;

    /// <summary>Left shift in Shift, right shift in Option.</summary>
    private static void Unpack(Insn* i)
    {
        i->D = Slot.Destination(i->Word, 0);
        i->N = Slot.Source(i->Word, 5);
        int immr = (int)(i->Word >> 16) & 0x3F;
        int imms = (int)(i->Word >> 10) & 0x3F;
        int top = Is64(i) ? 63 : 31;
        i->Shift = (byte)(top - imms);
        i->Option = (byte)(imms >= immr ? top - imms + immr : immr - imms - 1);
    }

    private static void BindUbfm(Insn* i)
    {
        Unpack(i);
        i->Handler = Is64(i) ? &Ubfm64 : &Ubfm32;
    }

    private static void BindSbfm(Insn* i)
    {
        Unpack(i);
        i->Handler = Is64(i) ? &Sbfm64 : &Sbfm32;
    }

    private static void BindBfm(Insn* i)
    {
        Unpack(i);
        i->A = Slot.Source(i->Word, 0);
        // The destination bits that the field takes.
        i->Imm = Is64(i) ? ulong.MaxValue << i->Shift >> i->Option : uint.MaxValue << i->Shift >> i->Option;
        i->Handler = Is64(i) ? &Bfm64 : &Bfm32;
    }

    private static void BindExtr(Insn* i)
    {
        i->D = Slot.Destination(i->Word, 0);
        i->N = Slot.Source(i->Word, 5);
        i->M = Slot.Source(i->Word, 16);
        i->Shift = (byte)((i->Word >> 10) & 0x3F);
        i->Handler = Is64(i) ? &Extr64 : &Extr32;
    }

    private static int Ubfm64(CpuState* s, Insn* i)
    {
        s->X[i->D] = s->X[i->N] << i->Shift >> i->Option;
        return Status.Next;
    }

    private static int Ubfm32(CpuState* s, Insn* i)
    {
        s->X[i->D] = (uint)s->X[i->N] << i->Shift >> i->Option;
        return Status.Next;
    }

    private static int Sbfm64(CpuState* s, Insn* i)
    {
        s->X[i->D] = (ulong)((long)s->X[i->N] << i->Shift >> i->Option);
        return Status.Next;
    }

    private static int Sbfm32(CpuState* s, Insn* i)
    {
        s->X[i->D] = (uint)((int)s->X[i->N] << i->Shift >> i->Option);
        return Status.Next;
    }

    private static int Bfm64(CpuState* s, Insn* i)
    {
        s->X[i->D] = (s->X[i->A] & ~i->Imm) | (s->X[i->N] << i->Shift >> i->Option);
        return Status.Next;
    }

    private static int Bfm32(CpuState* s, Insn* i)
    {
        s->X[i->D] = ((uint)s->X[i->A] & ~(uint)i->Imm) | ((uint)s->X[i->N] << i->Shift >> i->Option);
        return Status.Next;
    }

    private static int Extr64(CpuState* s, Insn* i)
    {
        // In two steps, because a shift by 64 is not one.
        s->X[i->D] = (s->X[i->N] << 1 << (63 - i->Shift)) | (s->X[i->M] >> i->Shift);
        return Status.Next;
    }

    private static int Extr32(CpuState* s, Insn* i)
    {
        s->X[i->D] = ((uint)s->X[i->N] << 1 << (31 - i->Shift)) | ((uint)s->X[i->M] >> i->Shift);
        return Status.Next;
    }
}
