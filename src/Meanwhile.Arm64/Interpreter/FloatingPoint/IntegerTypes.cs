namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

/// <summary>
/// An integer that conversions read and write, as low bits of a <see cref="ulong"/>. Empty structs, so that handlers are compiled for
/// each.
/// </summary>
internal interface IIntegerType
{
    static abstract int Width { get; }

    static abstract bool Unsigned { get; }

    /// <summary>The low bits extended to 64 as the type says.</summary>
    static abstract ulong Extend(ulong bits);
}

internal readonly struct Signed32 : IIntegerType
{
    public static int Width => 32;

    public static bool Unsigned => false;

    public static ulong Extend(ulong bits) => (ulong)(int)bits;
}

internal readonly struct Unsigned32 : IIntegerType
{
    public static int Width => 32;

    public static bool Unsigned => true;

    public static ulong Extend(ulong bits) => (uint)bits;
}

internal readonly struct Signed64 : IIntegerType
{
    public static int Width => 64;

    public static bool Unsigned => false;

    public static ulong Extend(ulong bits) => bits;
}

internal readonly struct Unsigned64 : IIntegerType
{
    public static int Width => 64;

    public static bool Unsigned => true;

    public static ulong Extend(ulong bits) => bits;
}
