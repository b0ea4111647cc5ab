namespace Meanwhile.Arm64.Interpreter;

internal readonly unsafe struct And64 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => a & b;
}

internal readonly unsafe struct And32 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => (uint)(a & b);
}

internal readonly unsafe struct Bic64 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => a & ~b;
}

internal readonly unsafe struct Bic32 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => (uint)(a & ~b);
}

internal readonly unsafe struct Orr64 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => a | b;
}

internal readonly unsafe struct Orr32 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => (uint)(a | b);
}

internal readonly unsafe struct Orn64 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => a | ~b;
}

internal readonly unsafe struct Orn32 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => (uint)(a | ~b);
}

internal readonly unsafe struct Eor64 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => a ^ b;
}

internal readonly unsafe struct Eor32 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => (uint)(a ^ b);
}

internal readonly unsafe struct Eon64 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => a ^ ~b;
}

internal readonly unsafe struct Eon32 : IDataOperation
{
    public static bool SetsFlags => false;

    public static ulong Apply(CpuState* s, ulong a, ulong b) => (uint)(a ^ ~b);
}

internal readonly unsafe struct Ands64 : IDataOperation
{
    public static bool SetsFlags => true;

    public static ulong Apply(CpuState* s, ulong a, ulong b)
    {
        ulong r = a & b;
        s->Nzcv = Flags.OfResult(r);
        return r;
    }
}

internal readonly unsafe struct Ands32 : IDataOperation
{
    public static bool SetsFlags => true;

    public static ulong Apply(CpuState* s, ulong a, ulong b)
    {
        uint r = (uint)(a & b);
        s->Nzcv = Flags.OfResult(r);
        return r;
    }
}

internal readonly unsafe struct Bics64 : IDataOperation
{
    public static bool SetsFlags => true;

    public static ulong Apply(CpuState* s, ulong a, ulong b)
    {
        ulong r = a & ~b;
        s->Nzcv = Flags.OfResult(r);
        return r;
    }
}

internal readonly unsafe struct Bics32 : IDataOperation
{
    public static bool SetsFlags => true;

    public static ulong Apply(CpuState* s, ulong a, ulong b)
    {
        uint r = (uint)(a & ~b);
        s->Nzcv = Flags.OfResult(r);
        return r;
    }
}
