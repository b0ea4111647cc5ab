using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>AND</summary>
internal readonly unsafe struct And : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => n & m;
}

/// <summary>BIC</summary>
internal readonly unsafe struct Bic : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Vector128.AndNot(n, m);
}

/// <summary>ORR</summary>
internal readonly unsafe struct Orr : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => n | m;
}

/// <summary>ORN</summary>
internal readonly unsafe struct Orn : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => n | ~m;
}

/// <summary>EOR</summary>
internal readonly unsafe struct Eor : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => n ^ m;
}

/// <summary>BSL: the destination selects the first source.</summary>
internal readonly unsafe struct Bsl : IVectorOp
{
    public static bool ReadsD => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Vector128.ConditionalSelect(d, n, m);
}

/// <summary>BIT: the second source selects the first.</summary>
internal readonly unsafe struct Bit : IVectorOp
{
    public static bool ReadsD => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Vector128.ConditionalSelect(m, n, d);
}

/// <summary>BIF: the second source keeps the destination.</summary>
internal readonly unsafe struct Bif : IVectorOp
{
    public static bool ReadsD => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Vector128.ConditionalSelect(m, d, n);
}

/// <summary>NOT</summary>
internal readonly unsafe struct Not : IVectorOp
{
    public static bool ReadsM => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => ~n;
}

/// <summary>CMEQ</summary>
internal readonly unsafe struct CmEq : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Vector128.Equals(n, m);
}

/// <summary>CMGT, CMHI</summary>
internal readonly unsafe struct CmGt : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Vector128.GreaterThan(n, m);
}

/// <summary>CMGE, CMHS</summary>
internal readonly unsafe struct CmGe : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Vector128.GreaterThanOrEqual(n, m);
}

/// <summary>CMTST</summary>
internal readonly unsafe struct CmTst : IVectorOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => ~Vector128.Equals(n & m, Vector128<T>.Zero);
}

/// <summary>CMEQ (zero)</summary>
internal readonly unsafe struct CmEqZero : IVectorOp
{
    public static bool ReadsM => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Vector128.Equals(n, Vector128<T>.Zero);
}

/// <summary>CMGT (zero)</summary>
internal readonly unsafe struct CmGtZero : IVectorOp
{
    public static bool ReadsM => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Vector128.GreaterThan(n, Vector128<T>.Zero);
}

/// <summary>CMGE (zero)</summary>
internal readonly unsafe struct CmGeZero : IVectorOp
{
    public static bool ReadsM => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Vector128.GreaterThanOrEqual(n, Vector128<T>.Zero);
}

/// <summary>CMLE (zero)</summary>
internal readonly unsafe struct CmLeZero : IVectorOp
{
    public static bool ReadsM => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Vector128.LessThanOrEqual(n, Vector128<T>.Zero);
}

/// <summary>CMLT (zero)</summary>
internal readonly unsafe struct CmLtZero : IVectorOp
{
    public static bool ReadsM => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Apply<T>(CpuState* s, Vector128<T> d, Vector128<T> n, Vector128<T> m)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Vector128.LessThan(n, Vector128<T>.Zero);
}
