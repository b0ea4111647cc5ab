using System.Numerics;
using System.Runtime.Intrinsics;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>
/// What one Advanced SIMD instruction computes on whole registers, for any lane type; signed and unsigned forms differ only in that type.
/// Always a struct type parameter, so that every handler is specialised when it is compiled.
/// </summary>
/// <remarks>
/// A narrower shape (a 64-bit vector, a scalar) passes zeroes in the lanes it does not have and drops those lanes of the result.
/// An operation that saturates must not do so for zeroes.
/// </remarks>
internal unsafe interface IVectorOp
{
    /// <summary>True when the operation reads the destination register.</summary>
    static virtual bool ReadsD => false;

    /// <summary>True when the operation has a second source register.</summary>
    static virtual bool ReadsM => true;

    /// <summary>The new value of the destination.</summary>
    static abstract Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>;
}

/// <summary>As <see cref="IVectorOp"/>, for one lane.</summary>
internal unsafe interface ILaneOp
{
    /// <summary>True when the operation reads the destination register.</summary>
    static virtual bool ReadsD => false;

    /// <summary>True when the operation has a second source register.</summary>
    static virtual bool ReadsM => true;

    /// <summary>The new value of the destination's lane.</summary>
    static abstract T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>;
}

/// <summary>As <see cref="IVectorOp"/>, for a shift by an immediate.</summary>
internal unsafe interface IShiftOp
{
    /// <summary>True when the operation reads the destination register.</summary>
    static virtual bool ReadsD => false;

    /// <summary>The new value of the destination.</summary>
    static abstract Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, int shift)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>;
}

/// <summary>As <see cref="IShiftOp"/>, for one lane.</summary>
internal unsafe interface ILaneShiftOp
{
    /// <summary>The new value of the destination's lane.</summary>
    static abstract T Apply<T>(CpuState* s, T n, int shift)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>;
}

/// <summary>Applies <typeparamref name="TLane"/> to each lane in turn.</summary>
internal readonly unsafe struct Lanes<TLane> : IVectorOp
    where TLane : struct, ILaneOp
{
    public static bool ReadsD => TLane.ReadsD;

    public static bool ReadsM => TLane.ReadsM;

    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        // The pointers stay within the four locals: a Vector128<T> is Count lanes of T.
        Vector128<T> result;
        T* to = (T*)&result, first = (T*)&d, second = (T*)&n, third = (T*)&m;
        for (int lane = 0; lane < Vector128<T>.Count; lane++)
            to[lane] = TLane.Apply(s, first[lane], second[lane], third[lane]);
        return result;
    }
}

/// <summary>Applies <typeparamref name="TLane"/> to each lane in turn.</summary>
internal readonly unsafe struct ShiftLanes<TLane> : IShiftOp
    where TLane : struct, ILaneShiftOp
{
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, int shift)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        // The pointers stay within the two locals: a Vector128<T> is Count lanes of T.
        Vector128<T> result;
        T* to = (T*)&result, from = (T*)&n;
        for (int lane = 0; lane < Vector128<T>.Count; lane++)
            to[lane] = TLane.Apply(s, from[lane], shift);
        return result;
    }
}
