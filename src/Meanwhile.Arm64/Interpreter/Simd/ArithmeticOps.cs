using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>ADD, SADDL, SADDW, …</summary>
internal readonly unsafe struct Add : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => n + m;
}

/// <summary>SUB, SSUBL, SSUBW, …</summary>
internal readonly unsafe struct Sub : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => n - m;
}

/// <summary>MUL, SMULL, UMULL</summary>
internal readonly unsafe struct Mul : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => n * m;
}

/// <summary>MLA, SMLAL, UMLAL</summary>
internal readonly unsafe struct Mla : IVectorOp
{
    public static bool ReadsD => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => d + n * m;
}

/// <summary>MLS, SMLSL, UMLSL</summary>
internal readonly unsafe struct Mls : IVectorOp
{
    public static bool ReadsD => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => d - n * m;
}

/// <summary>SMAX, UMAX</summary>
internal readonly unsafe struct Max : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Vector128.Max(n, m);
}

/// <summary>SMIN, UMIN</summary>
internal readonly unsafe struct Min : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Vector128.Min(n, m);
}

/// <summary>SABD, UABD, SABDL, UABDL: the absolute difference, modulo the lane size.</summary>
internal readonly unsafe struct Abd : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Vector128.Max(n, m) - Vector128.Min(n, m);
}

/// <summary>SABA, UABA, SABAL, UABAL.</summary>
internal readonly unsafe struct Aba : IVectorOp
{
    public static bool ReadsD => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => d + Abd.Apply(s, d, n, m);
}

/// <summary>SHADD, UHADD: half the sum, without the carry out of the lane.</summary>
internal readonly unsafe struct HAdd : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => (n & m) + ((n ^ m) >> 1);
}

/// <summary>SRHADD, URHADD: half the sum, rounded up.</summary>
internal readonly unsafe struct RHAdd : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => (n | m) - ((n ^ m) >> 1);
}

/// <summary>SHSUB, UHSUB: half the difference; a borrow comes out of bit 0 when only the subtrahend is odd.</summary>
internal readonly unsafe struct HSub : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => (n >> 1) - (m >> 1) - (Vector128.AndNot(m, n) & Vector128<T>.One);
}

/// <summary>SADDLP, UADDLP: the sum of the two halves of each (wide) lane.</summary>
internal readonly unsafe struct PairwiseLong : IVectorOp
{
    public static bool ReadsM => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        int half = sizeof(T) * 4;
        return ((n << half) >> half) + (n >> half);
    }
}

/// <summary>SADALP, UADALP.</summary>
internal readonly unsafe struct PairwiseLongAccumulate : IVectorOp
{
    public static bool ReadsD => true;

    public static bool ReadsM => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => d + PairwiseLong.Apply(s, d, n, m);
}

/// <summary>ABS: the most negative value stays.</summary>
internal readonly unsafe struct Abs : IVectorOp
{
    public static bool ReadsM => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Vector128<T> sign = n >> (sizeof(T) * 8 - 1);
        return (n ^ sign) - sign;
    }
}

/// <summary>NEG</summary>
internal readonly unsafe struct Neg : IVectorOp
{
    public static bool ReadsM => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => -n;
}
