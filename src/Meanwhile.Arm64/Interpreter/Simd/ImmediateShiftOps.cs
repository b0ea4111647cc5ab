using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Meanwhile.Arm64.Interpreter.Simd;

// Right shifts are by 1 to the size of a lane, left shifts by 0 to one less. A right shift is done in two steps,
// because a shift by the whole lane is not one the host has.

/// <summary>SSHR, USHR</summary>
internal readonly unsafe struct ShiftRight : IShiftOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, int shift)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => n >> (shift - 1) >> 1;
}

/// <summary>SSRA, USRA</summary>
internal readonly unsafe struct ShiftRightAccumulate : IShiftOp
{
    public static bool ReadsD => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, int shift)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => d + ShiftRight.Apply(s, d, n, shift);
}

/// <summary>SRSHR, URSHR</summary>
internal readonly unsafe struct ShiftRightRounding : IShiftOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, int shift)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Vector128<T> beforeLast = n >> (shift - 1);
        return (beforeLast >> 1) + (beforeLast & Vector128<T>.One);
    }
}

/// <summary>SRSRA, URSRA</summary>
internal readonly unsafe struct ShiftRightRoundingAccumulate : IShiftOp
{
    public static bool ReadsD => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, int shift)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => d + ShiftRightRounding.Apply(s, d, n, shift);
}

/// <summary>SRI: the bits above the shifted value stay. Lanes are unsigned.</summary>
internal readonly unsafe struct ShiftRightInsert : IShiftOp
{
    public static bool ReadsD => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, int shift)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Vector128<T> mask = Vector128<T>.AllBitsSet >>> (shift - 1) >>> 1;
        return Vector128.AndNot(d, mask) | (n >>> (shift - 1) >>> 1);
    }
}

/// <summary>SHL</summary>
internal readonly unsafe struct ShiftLeft : IShiftOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, int shift)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => n << shift;
}

/// <summary>SLI: the bits below the shifted value stay.</summary>
internal readonly unsafe struct ShiftLeftInsert : IShiftOp
{
    public static bool ReadsD => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, int shift)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        => Vector128.AndNot(d, Vector128<T>.AllBitsSet << shift) | (n << shift);
}

/// <summary>SQSHL, UQSHL (immediate)</summary>
internal readonly unsafe struct ShiftLeftSaturating : ILaneShiftOp
{
    public static T Apply<T>(CpuState* s, T n, int shift)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => LaneShift.LeftSaturating(s, n, shift);
}

/// <summary>SQSHLU: signed source, unsigned result. Lanes are unsigned.</summary>
internal readonly unsafe struct ShiftLeftSaturatingToUnsigned : ILaneShiftOp
{
    public static T Apply<T>(CpuState* s, T n, int shift)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        => (n >> (sizeof(T) * 8 - 1)) != T.Zero ? Saturation.To(s, T.Zero) : LaneShift.LeftSaturating(s, n, shift);
}

/// <summary>XTN and SHRN (a shift of 0 is XTN): only the low half of each lane of the result is used.</summary>
internal readonly unsafe struct NarrowingShift : IShiftOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, int shift)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => n >>> shift;
}

/// <summary>SQXTN, UQXTN, SQSHRN, UQSHRN: the result saturates at half the size of the lane.</summary>
internal readonly unsafe struct NarrowingShiftSaturating : ILaneShiftOp
{
    public static T Apply<T>(CpuState* s, T n, int shift)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => ToHalf(s, n >> shift);

    /// <summary>Saturates to a number of half the size, of the same signedness.</summary>
    public static T ToHalf<T>(CpuState* s, T value)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        int half = sizeof(T) * 4;
        T max = T.MaxValue >> half, min = T.MinValue >> half;
        return value > max ? Saturation.To(s, max) : value < min ? Saturation.To(s, min) : value;
    }
}

/// <summary>SQRSHRN, UQRSHRN</summary>
internal readonly unsafe struct NarrowingShiftSaturatingRounding : ILaneShiftOp
{
    public static T Apply<T>(CpuState* s, T n, int shift)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        => NarrowingShiftSaturating.ToHalf(s, LaneShift.RightRounding(n, shift));
}

/// <summary>SQXTUN, SQSHRUN: signed source, unsigned result of half the size. Lanes are signed.</summary>
internal readonly unsafe struct NarrowingShiftSaturatingToUnsigned : ILaneShiftOp
{
    public static T Apply<T>(CpuState* s, T n, int shift)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => ToUnsignedHalf(s, n >> shift);

    /// <summary>Saturates to an unsigned number of half the size.</summary>
    public static T ToUnsignedHalf<T>(CpuState* s, T value)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (T.IsNegative(value))
            return Saturation.To(s, T.Zero);
        T max = (T.One << (sizeof(T) * 4)) - T.One;
        return value > max ? Saturation.To(s, max) : value;
    }
}

/// <summary>SQRSHRUN</summary>
internal readonly unsafe struct NarrowingShiftSaturatingRoundingToUnsigned : ILaneShiftOp
{
    public static T Apply<T>(CpuState* s, T n, int shift)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        => NarrowingShiftSaturatingToUnsigned.ToUnsignedHalf(s, LaneShift.RightRounding(n, shift));
}
