using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>
/// Conversions between lanes and lanes of twice their size. The wide type names both; a signed wide type has signed narrow lanes.
/// The comparisons of types and sizes are constants to the compiler.
/// </summary>
internal static unsafe class Width
{
    /// <summary>The low 64 bits of <paramref name="narrow"/>, widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TWide> Widen<TWide>(Vector128<ulong> narrow)
        where TWide : unmanaged
    {
        if (typeof(TWide) == typeof(short))
            return Vector128.WidenLower(narrow.AsSByte()).As<short, TWide>();
        if (typeof(TWide) == typeof(ushort))
            return Vector128.WidenLower(narrow.AsByte()).As<ushort, TWide>();
        if (typeof(TWide) == typeof(int))
            return Vector128.WidenLower(narrow.AsInt16()).As<int, TWide>();
        if (typeof(TWide) == typeof(uint))
            return Vector128.WidenLower(narrow.AsUInt16()).As<uint, TWide>();
        if (typeof(TWide) == typeof(long))
            return Vector128.WidenLower(narrow.AsInt32()).As<long, TWide>();
        return Vector128.WidenLower(narrow.AsUInt32()).As<ulong, TWide>();
    }

    /// <summary>The low halves of the lanes of <paramref name="low"/>, then of <paramref name="high"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Narrow<TWide>(Vector128<TWide> low, Vector128<TWide> high)
        where TWide : unmanaged
    {
        if (sizeof(TWide) == 2)
            return Vector128.Narrow(low.AsUInt16(), high.AsUInt16()).AsUInt64();
        if (sizeof(TWide) == 4)
            return Vector128.Narrow(low.AsUInt32(), high.AsUInt32()).AsUInt64();
        return Vector128.Narrow(low.AsUInt64(), high.AsUInt64()).AsUInt64();
    }
}

/// <summary>Which narrow lanes of a source a widening instruction reads.</summary>
internal unsafe interface IPart
{
    /// <summary>The widened lanes of a register.</summary>
    static abstract Vector128<TWide> Load<TWide>(CpuState* s, int register)
        where TWide : unmanaged;

    /// <summary>The wide destination as a source: the lanes that the result has.</summary>
    static abstract Vector128<TWide> LoadWide<TWide>(CpuState* s, int register)
        where TWide : unmanaged;
}

/// <summary>The low half: <c>SADDL</c>, …</summary>
internal readonly unsafe struct Low : IPart
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TWide> Load<TWide>(CpuState* s, int register)
        where TWide : unmanaged => Width.Widen<TWide>(Half.Load<ulong>(s, register));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TWide> LoadWide<TWide>(CpuState* s, int register)
        where TWide : unmanaged => Full.Load<TWide>(s, register);
}

/// <summary>The high half: <c>SADDL2</c>, …</summary>
internal readonly unsafe struct High : IPart
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TWide> Load<TWide>(CpuState* s, int register)
        where TWide : unmanaged => Width.Widen<TWide>(Vector128.CreateScalar(s->V[2 * register + 1]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TWide> LoadWide<TWide>(CpuState* s, int register)
        where TWide : unmanaged => Full.Load<TWide>(s, register);
}

/// <summary>The lowest lane: the scalar <c>SQDMULL</c>, …</summary>
internal readonly unsafe struct Lowest : IPart
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TWide> Load<TWide>(CpuState* s, int register)
        where TWide : unmanaged => Vector128.CreateScalar(Low.Load<TWide>(s, register).ToScalar());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TWide> LoadWide<TWide>(CpuState* s, int register)
        where TWide : unmanaged => Scalar.Load<TWide>(s, register);
}
