using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>RADDHN: the carry out of the lane does not reach the high half.</summary>
internal readonly unsafe struct AddRounding : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        => n + m + Vector128.Create(T.One << (sizeof(T) * 4 - 1));
}

/// <summary>RSUBHN.</summary>
internal readonly unsafe struct SubRounding : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        => n - m + Vector128.Create(T.One << (sizeof(T) * 4 - 1));
}
