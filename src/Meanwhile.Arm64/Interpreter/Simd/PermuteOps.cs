using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>UZP1: the even lanes of both sources. Lanes are unsigned, here and below.</summary>
internal readonly unsafe struct Uzp1 : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        => (sizeof(T) switch
        {
            1 => Width.Narrow(n.AsUInt16(), m.AsUInt16()),
            2 => Width.Narrow(n.AsUInt32(), m.AsUInt32()),
            4 => Width.Narrow(n.AsUInt64(), m.AsUInt64()),
            _ => Vector128.Create(n.GetLower(), m.GetLower()).AsUInt64(),
        }).As<ulong, T>();
}

/// <summary>UZP2: the odd lanes of both sources.</summary>
internal readonly unsafe struct Uzp2 : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        => (sizeof(T) switch
        {
            1 => Width.Narrow(n.AsUInt16() >>> 8, m.AsUInt16() >>> 8),
            2 => Width.Narrow(n.AsUInt32() >>> 16, m.AsUInt32() >>> 16),
            4 => Width.Narrow(n.AsUInt64() >>> 32, m.AsUInt64() >>> 32),
            _ => Vector128.Create(n.GetUpper(), m.GetUpper()).AsUInt64(),
        }).As<ulong, T>();
}

/// <summary>ZIP1: the lanes of the low halves in turn.</summary>
internal readonly unsafe struct Zip1 : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Vector128<ulong> even = n.AsUInt64(), odd = m.AsUInt64();
        return (sizeof(T) switch
        {
            1 => (Width.Widen<ushort>(even) | (Width.Widen<ushort>(odd) << 8)).AsUInt64(),
            2 => (Width.Widen<uint>(even) | (Width.Widen<uint>(odd) << 16)).AsUInt64(),
            4 => Width.Widen<ulong>(even) | (Width.Widen<ulong>(odd) << 32),
            _ => Vector128.Create(even.GetLower(), odd.GetLower()),
        }).As<ulong, T>();
    }
}

/// <summary>ZIP2: the lanes of the high halves in turn.</summary>
internal readonly unsafe struct Zip2 : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        => Zip1.Apply(s, d, Vector128.Create(n.GetUpper(), n.GetUpper()), Vector128.Create(m.GetUpper(), m.GetUpper()));
}

/// <summary>ZIP2 of 64-bit vectors: the second half of what ZIP1 makes of all their lanes.</summary>
internal readonly unsafe struct Zip2Half : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Vector64<T> high = Zip1.Apply(s, d, n, m).GetUpper();
        return Vector128.Create(high, high);
    }
}

/// <summary>TRN1: the even lanes of both sources in turn.</summary>
internal readonly unsafe struct Trn1 : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        => (sizeof(T) switch
        {
            1 => ((n.AsUInt16() << 8 >>> 8) | (m.AsUInt16() << 8)).AsUInt64(),
            2 => ((n.AsUInt32() << 16 >>> 16) | (m.AsUInt32() << 16)).AsUInt64(),
            4 => (n.AsUInt64() << 32 >>> 32) | (m.AsUInt64() << 32),
            _ => Vector128.Create(n.GetLower(), m.GetLower()).AsUInt64(),
        }).As<ulong, T>();
}

/// <summary>TRN2: the odd lanes of both sources in turn.</summary>
internal readonly unsafe struct Trn2 : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        => (sizeof(T) switch
        {
            1 => ((n.AsUInt16() >>> 8) | (m.AsUInt16() >>> 8 << 8)).AsUInt64(),
            2 => ((n.AsUInt32() >>> 16) | (m.AsUInt32() >>> 16 << 16)).AsUInt64(),
            4 => (n.AsUInt64() >>> 32) | (m.AsUInt64() >>> 32 << 32),
            _ => Vector128.Create(n.GetUpper(), m.GetUpper()).AsUInt64(),
        }).As<ulong, T>();
}

/// <summary>Applies <typeparamref name="TOp"/> to two 64-bit vectors as one of 128 bits: what the operations on pairs see.</summary>
internal readonly unsafe struct Joined<TOp> : IVectorOp
    where TOp : struct, IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Vector128<T> both = Vector128.Create(n.GetLower(), m.GetLower());
        return TOp.Apply(s, d, both, both);
    }
}

/// <summary>ADDP, SMAXP, …: <typeparamref name="TOp"/> on neighbouring lanes of both sources.</summary>
internal readonly unsafe struct Pairwise<TOp> : IVectorOp
    where TOp : struct, IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        => TOp.Apply(s, d, Uzp1.Apply(s, d, n, m), Uzp2.Apply(s, d, n, m));
}
