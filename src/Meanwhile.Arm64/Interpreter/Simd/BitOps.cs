using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>CLZ. Lanes are unsigned.</summary>
internal readonly unsafe struct Clz : ILaneOp
{
    public static bool ReadsM => false;

    public static T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => T.LeadingZeroCount(n);
}

/// <summary>CLS: the bits below the sign that are equal to it. Lanes are signed.</summary>
internal readonly unsafe struct Cls : ILaneOp
{
    public static bool ReadsM => false;

    public static T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => T.LeadingZeroCount(n ^ (n >> 1)) - T.One;
}

/// <summary>CNT, on bytes: sums of neighbouring bits, pairs and nibbles.</summary>
internal readonly unsafe struct Cnt : IVectorOp
{
    public static bool ReadsM => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Vector128<byte> v = n.AsByte();
        v -= (v >>> 1) & Vector128.Create((byte)0x55);
        v = (v & Vector128.Create((byte)0x33)) + ((v >>> 2) & Vector128.Create((byte)0x33));
        return ((v + (v >>> 4)) & Vector128.Create((byte)0x0F)).As<byte, T>();
    }
}

/// <summary>RBIT, on bytes: swaps nibbles, pairs and neighbouring bits.</summary>
internal readonly unsafe struct Rbit : IVectorOp
{
    public static bool ReadsM => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Vector128<byte> v = n.AsByte();
        v = (v << 4) | (v >>> 4);
        v = ((v & Vector128.Create((byte)0x33)) << 2) | ((v >>> 2) & Vector128.Create((byte)0x33));
        v = ((v & Vector128.Create((byte)0x55)) << 1) | ((v >>> 1) & Vector128.Create((byte)0x55));
        return v.As<byte, T>();
    }
}

/// <summary>REV64: the lanes of each 64 bits in reverse order.</summary>
internal readonly unsafe struct Rev64 : IVectorOp
{
    public static bool ReadsM => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        => sizeof(T) switch
        {
            1 => Vector128.Shuffle(n.AsByte(), Vector128.Create((byte)7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8)).As<byte, T>(),
            2 => Vector128.Shuffle(n.AsUInt16(), Vector128.Create((ushort)3, 2, 1, 0, 7, 6, 5, 4)).As<ushort, T>(),
            _ => Vector128.Shuffle(n.AsUInt32(), Vector128.Create(1u, 0, 3, 2)).As<uint, T>(),
        };
}

/// <summary>REV32: the lanes of each 32 bits in reverse order.</summary>
internal readonly unsafe struct Rev32 : IVectorOp
{
    public static bool ReadsM => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        => sizeof(T) switch
        {
            1 => Vector128.Shuffle(n.AsByte(), Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)).As<byte, T>(),
            _ => Vector128.Shuffle(n.AsUInt16(), Vector128.Create((ushort)1, 0, 3, 2, 5, 4, 7, 6)).As<ushort, T>(),
        };
}

/// <summary>REV16: the bytes of each 16 bits in reverse order.</summary>
internal readonly unsafe struct Rev16 : IVectorOp
{
    public static bool ReadsM => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Vector128<ushort> v = n.AsUInt16();
        return ((v << 8) | (v >>> 8)).As<ushort, T>();
    }
}
