namespace Meanwhile.Arm64.Interpreter;

// DDI0487 AddWithCarry: subtraction adds the complement with a carry in, so C means "no borrow".

internal readonly unsafe struct Add64 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => a + b;
}

internal readonly unsafe struct Add32 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => (uint)a + (uint)b;
}

internal readonly unsafe struct Sub64 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => a - b;
}

internal readonly unsafe struct Sub32 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => (uint)a - (uint)b;
}

internal readonly unsafe struct Adds64 : IDataOperation
{
    public static bool SetsFlags => true;

    public static ulong Apply(CpuState* s, ulong a, ulong b)
    {
        ulong r = a + b;
        s->Nzcv = Flags.OfSum(a, b, r, r < a ? 1u : 0);
        return r;
    }
}

internal readonly unsafe struct Adds32 : IDataOperation
{
    public static bool SetsFlags => true;

    public static ulong Apply(CpuState* s, ulong a, ulong b)
    {
        uint r = (uint)a + (uint)b;
        s->Nzcv = Flags.OfSum((uint)a, (uint)b, r, r < (uint)a ? 1u : 0);
        return r;
    }
}

internal readonly unsafe struct Subs64 : IDataOperation
{
    public static bool SetsFlags => true;

    public static ulong Apply(CpuState* s, ulong a, ulong b)
    {
        ulong r = a - b;
        s->Nzcv = Flags.OfSum(a, ~b, r, a >= b ? 1u : 0);
        return r;
    }
}

internal readonly unsafe struct Subs32 : IDataOperation
{
    public static bool SetsFlags => true;

    public static ulong Apply(CpuState* s, ulong a, ulong b)
    {
        uint r = (uint)a - (uint)b;
        s->Nzcv = Flags.OfSum((uint)a, ~(uint)b, r, (uint)a >= (uint)b ? 1u : 0);
        return r;
    }
}

internal readonly unsafe struct Adc64 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => a + b + ((s->Nzcv >> 29) & 1);
}

internal readonly unsafe struct Adc32 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => (uint)a + (uint)b + ((s->Nzcv >> 29) & 1);
}

internal readonly unsafe struct Sbc64 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => Adc64.Apply(s, a, ~b);
}

internal readonly unsafe struct Sbc32 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => Adc32.Apply(s, a, ~b);
}

internal readonly unsafe struct Adcs64 : IDataOperation
{
    public static bool SetsFlags => true;

    public static ulong Apply(CpuState* s, ulong a, ulong b)
    {
        ulong carry = (s->Nzcv >> 29) & 1;
        ulong r = a + b + carry;
        s->Nzcv = Flags.OfSum(a, b, r, r < a || (r == a && carry != 0) ? 1u : 0);
        return r;
    }
}

internal readonly unsafe struct Adcs32 : IDataOperation
{
    public static bool SetsFlags => true;

    public static ulong Apply(CpuState* s, ulong a, ulong b)
    {
        ulong sum = (ulong)(uint)a + (uint)b + ((s->Nzcv >> 29) & 1);
        uint r = (uint)sum;
        s->Nzcv = Flags.OfSum((uint)a, (uint)b, r, (uint)(sum >> 32));
        return r;
    }
}

internal readonly unsafe struct Sbcs64 : IDataOperation
{
    public static bool SetsFlags => true;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => Adcs64.Apply(s, a, ~b);
}

internal readonly unsafe struct Sbcs32 : IDataOperation
{
    public static bool SetsFlags => true;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => Adcs32.Apply(s, a, ~b);
}
