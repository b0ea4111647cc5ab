using System.Numerics;
using System.Runtime.CompilerServices;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>Shifts of one lane by any amount: positive to the left, negative to the right (DDI0487 C7.2, SSHL and its kin).</summary>
internal static unsafe class LaneShift
{
    /// <summary>The amount in a lane of the second source: its lowest byte, signed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Amount<T>(T lane)
        where T : IBinaryInteger<T> => sbyte.CreateTruncating(lane);

    /// <summary>To the left; bits shifted out are lost.</summary>
    public static T Left<T>(T value, int amount)
        where T : unmanaged, IBinaryInteger<T> => amount < sizeof(T) * 8 ? value << amount : T.Zero;

    /// <summary>To the left; a result that does not fit saturates.</summary>
    public static T LeftSaturating<T>(CpuState* s, T value, int amount)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (value == T.Zero)
            return value;
        if (amount >= sizeof(T) * 8)
            return Saturation.Limit(s, value);
        T shifted = value << amount;
        return shifted >> amount == value ? shifted : Saturation.Limit(s, value);
    }

    /// <summary>To the right by 1 or more, truncated towards minus infinity.</summary>
    public static T Right<T>(T value, int amount)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        int bits = sizeof(T) * 8;
        if (amount < bits)
            return value >> amount;
        return T.IsNegative(T.MinValue) ? value >> (bits - 1) : T.Zero;
    }

    /// <summary>To the right by 1 or more; the highest bit shifted out rounds up.</summary>
    public static T RightRounding<T>(T value, int amount)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (amount > sizeof(T) * 8)
            return T.Zero;
        T beforeLast = value >> (amount - 1);
        return (beforeLast >> 1) + (beforeLast & T.One);
    }
}

/// <summary>SSHL, USHL</summary>
internal readonly unsafe struct RegisterShift : ILaneOp
{
    public static T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        int amount = LaneShift.Amount(m);
        return amount >= 0 ? LaneShift.Left(n, amount) : LaneShift.Right(n, -amount);
    }
}

/// <summary>SRSHL, URSHL</summary>
internal readonly unsafe struct RegisterShiftRounding : ILaneOp
{
    public static T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        int amount = LaneShift.Amount(m);
        return amount >= 0 ? LaneShift.Left(n, amount) : LaneShift.RightRounding(n, -amount);
    }
}

/// <summary>SQSHL, UQSHL (register)</summary>
internal readonly unsafe struct RegisterShiftSaturating : ILaneOp
{
    public static T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        int amount = LaneShift.Amount(m);
        return amount >= 0 ? LaneShift.LeftSaturating(s, n, amount) : LaneShift.Right(n, -amount);
    }
}

/// <summary>SQRSHL, UQRSHL</summary>
internal readonly unsafe struct RegisterShiftSaturatingRounding : ILaneOp
{
    public static T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        int amount = LaneShift.Amount(m);
        return amount >= 0 ? LaneShift.LeftSaturating(s, n, amount) : LaneShift.RightRounding(n, -amount);
    }
}
