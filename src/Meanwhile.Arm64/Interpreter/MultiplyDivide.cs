using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>Multiply and divide (DDI0487 C3.6.6, C3.6.7). Division by zero gives zero, and the most negative value by -1 gives itself.</summary>
internal static unsafe class MultiplyDivide
{
    public static void Register(Binders b)
    {
        b.Add(DataProcessingRegisterEncodings.UDIV, &DataOperation.BindRegister<Udiv64, Udiv32>);
        b.Add(DataProcessingRegisterEncodings.SDIV, &DataOperation.BindRegister<Sdiv64, Sdiv32>);
        b.Add(DataProcessingRegisterEncodings.UMULH, &DataOperation.BindRegister<Umulh, Umulh>);
        b.Add(DataProcessingRegisterEncodings.SMULH, &DataOperation.BindRegister<Smulh, Smulh>);
        b.Add(DataProcessingRegisterEncodings.MADD, &BindMadd);
        b.Add(DataProcessingRegisterEncodings.MSUB, &BindMsub);
        b.Add(DataProcessingRegisterEncodings.SMADDL, &BindSmaddl);
        b.Add(DataProcessingRegisterEncodings.SMSUBL, &BindSmsubl);
        b.Add(DataProcessingRegisterEncodings.UMADDL, &BindUmaddl);
        b.Add(DataProcessingRegisterEncodings.UMSUBL, &BindUmsubl);
    }

    private static bool Unpack(Insn* i)
    {
        i->D = Slot.Destination(i->Word, 0);
        i->N = Slot.Source(i->Word, 5);
        i->A = Slot.Source(i->Word, 10);
        i->M = Slot.Source(i->Word, 16);
        return i->Word >> 31 != 0;
    }

    private static void BindMadd(Insn* i) => i->Handler = Unpack(i) ? &Madd64 : &Madd32;

    private static void BindMsub(Insn* i) => i->Handler = Unpack(i) ? &Msub64 : &Msub32;

    private static void BindSmaddl(Insn* i)
    {
        Unpack(i);
        i->Handler = &Smaddl;
    }

    private static void BindSmsubl(Insn* i)
    {
        Unpack(i);
        i->Handler = &Smsubl;
    }

    private static void BindUmaddl(Insn* i)
    {
        Unpack(i);
        i->Handler = &Umaddl;
    }

    private static void BindUmsubl(Insn* i)
    {
        Unpack(i);
        i->Handler = &Umsubl;
    }

    private static int Madd64(CpuState* s, Insn* i)
    {
        s->X[i->D] = s->X[i->A] + (s->X[i->N] * s->X[i->M]);
        return Status.Next;
    }

    private static int Madd32(CpuState* s, Insn* i)
    {
        s->X[i->D] = (uint)s->X[i->A] + ((uint)s->X[i->N] * (uint)s->X[i->M]);
        return Status.Next;
    }

    private static int Msub64(CpuState* s, Insn* i)
    {
        s->X[i->D] = s->X[i->A] - (s->X[i->N] * s->X[i->M]);
        return Status.Next;
    }

    private static int Msub32(CpuState* s, Insn* i)
    {
        s->X[i->D] = (uint)s->X[i->A] - ((uint)s->X[i->N] * (uint)s->X[i->M]);
        return Status.Next;
    }

    private static int Smaddl(CpuState* s, Insn* i)
    {
        s->X[i->D] = s->X[i->A] + (ulong)((long)(int)s->X[i->N] * (int)s->X[i->M]);
        return Status.Next;
    }

    private static int Smsubl(CpuState* s, Insn* i)
    {
        s->X[i->D] = s->X[i->A] - (ulong)((long)(int)s->X[i->N] * (int)s->X[i->M]);
        return Status.Next;
    }

    private static int Umaddl(CpuState* s, Insn* i)
    {
        s->X[i->D] = s->X[i->A] + ((ulong)(uint)s->X[i->N] * (uint)s->X[i->M]);
        return Status.Next;
    }

    private static int Umsubl(CpuState* s, Insn* i)
    {
        s->X[i->D] = s->X[i->A] - ((ulong)(uint)s->X[i->N] * (uint)s->X[i->M]);
        return Status.Next;
    }

    private readonly struct Udiv64 : IDataOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(CpuState* s, ulong a, ulong b) => b == 0 ? 0 : a / b;
    }

    private readonly struct Udiv32 : IDataOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(CpuState* s, ulong a, ulong b) => (uint)b == 0 ? 0 : (uint)a / (uint)b;
    }

    private readonly struct Sdiv64 : IDataOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(CpuState* s, ulong a, ulong b) => (long)b switch
        {
            0 => 0,
            -1 => 0 - a, // The host would trap on the most negative value.
            _ => (ulong)((long)a / (long)b),
        };
    }

    private readonly struct Sdiv32 : IDataOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(CpuState* s, ulong a, ulong b) => (int)b switch
        {
            0 => 0,
            -1 => 0 - (uint)a,
            _ => (uint)((int)a / (int)b),
        };
    }

    private readonly struct Umulh : IDataOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(CpuState* s, ulong a, ulong b) => Math.BigMul(a, b, out _);
    }

    private readonly struct Smulh : IDataOperation
    {
        public static bool SetsFlags => false;

        public static ulong Apply(CpuState* s, ulong a, ulong b) => (ulong)Math.BigMul((long)a, (long)b, out _);
    }
}
