using System.Numerics;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>SQADD, UQADD</summary>
internal readonly unsafe struct QAdd : ILaneOp
{
    public static T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        T sum = n + m;
        if (!T.IsNegative(T.MinValue))
            return sum < n ? Saturation.To(s, T.MaxValue) : sum;
        return T.IsNegative((sum ^ n) & (sum ^ m)) ? Saturation.Limit(s, n) : sum;
    }
}

/// <summary>SQSUB, UQSUB</summary>
internal readonly unsafe struct QSub : ILaneOp
{
    public static T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        T difference = n - m;
        if (!T.IsNegative(T.MinValue))
            return n < m ? Saturation.To(s, T.MinValue) : difference;
        return T.IsNegative((n ^ m) & (difference ^ n)) ? Saturation.Limit(s, n) : difference;
    }
}

/// <summary>SUQADD: adds an unsigned number to a signed one. Lanes are unsigned; the bias of half the range makes the signed one so.</summary>
internal readonly unsafe struct SignedPlusUnsigned : ILaneOp
{
    public static bool ReadsD => true;

    public static bool ReadsM => false;

    public static T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        T bias = T.One << (sizeof(T) * 8 - 1);
        return QAdd.Apply(s, d, d ^ bias, n) ^ bias;
    }
}

/// <summary>USQADD: adds a signed number to an unsigned one. Lanes are unsigned.</summary>
internal readonly unsafe struct UnsignedPlusSigned : ILaneOp
{
    public static bool ReadsD => true;

    public static bool ReadsM => false;

    public static T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        bool negative = (n >> (sizeof(T) * 8 - 1)) != T.Zero;
        return negative ? QSub.Apply(s, d, d, T.Zero - n) : QAdd.Apply(s, d, d, n);
    }
}

/// <summary>SQABS</summary>
internal readonly unsafe struct QAbs : ILaneOp
{
    public static bool ReadsM => false;

    public static T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => T.IsNegative(n) ? QSub.Apply(s, d, T.Zero, n) : n;
}

/// <summary>SQNEG</summary>
internal readonly unsafe struct QNeg : ILaneOp
{
    public static bool ReadsM => false;

    public static T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => QSub.Apply(s, d, T.Zero, n);
}

/// <summary>SQDMULH: the high half of twice the product. 16 and 32-bit lanes.</summary>
internal readonly unsafe struct QDMulH : ILaneOp
{
    public static T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        // Only the square of the most negative number does not fit.
        if (n == T.MinValue && m == T.MinValue)
            return Saturation.To(s, T.MaxValue);
        return T.CreateTruncating((long.CreateTruncating(n) * long.CreateTruncating(m)) >> (sizeof(T) * 8 - 1));
    }
}

/// <summary>SQRDMULH: as SQDMULH, rounded.</summary>
internal readonly unsafe struct QRDMulH : ILaneOp
{
    public static T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (n == T.MinValue && m == T.MinValue)
            return Saturation.To(s, T.MaxValue);
        long round = 1L << (sizeof(T) * 8 - 2);
        return T.CreateTruncating((long.CreateTruncating(n) * long.CreateTruncating(m) + round) >> (sizeof(T) * 8 - 1));
    }
}

/// <summary>SQDMULL: twice the product. The lanes hold numbers of half their size.</summary>
internal readonly unsafe struct QDMul : ILaneOp
{
    public static T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        // Only the square of the most negative number, a quarter of the range, does not fit.
        T product = n * m;
        return product == T.One << (sizeof(T) * 8 - 2) ? Saturation.To(s, T.MaxValue) : product + product;
    }
}

/// <summary>SQDMLAL: both the doubling and the addition saturate.</summary>
internal readonly unsafe struct QDMla : ILaneOp
{
    public static bool ReadsD => true;

    public static T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => QAdd.Apply(s, d, d, QDMul.Apply(s, d, n, m));
}

/// <summary>SQDMLSL: both the doubling and the subtraction saturate.</summary>
internal readonly unsafe struct QDMls : ILaneOp
{
    public static bool ReadsD => true;

    public static T Apply<T>(CpuState* s, T d, T n, T m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => QSub.Apply(s, d, d, QDMul.Apply(s, d, n, m));
}
