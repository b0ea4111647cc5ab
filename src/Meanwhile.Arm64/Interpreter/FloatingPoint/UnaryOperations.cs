using Meanwhile.Arm64.FloatingPoint;

namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

// Each names the arithmetic behind an instruction with one source operand; comparisons give all ones or all zeros.

internal readonly struct Abs : IUnaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat => a & ~Layout<TFormat>.Sign;
}

internal readonly struct Negate : IUnaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat => a ^ Layout<TFormat>.Sign;
}

internal readonly struct SquareRoot : IUnaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpDivide.SquareRoot<TFormat>(a, ref env);
}

internal readonly struct ReciprocalEstimate : IUnaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpEstimate.Reciprocal<TFormat>(a, ref env);
}

internal readonly struct ReciprocalSquareRootEstimate : IUnaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpEstimate.ReciprocalSquareRoot<TFormat>(a, ref env);
}

internal readonly struct ReciprocalExponent : IUnaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpEstimate.ReciprocalExponent<TFormat>(a, ref env);
}

internal readonly struct UnsignedReciprocalEstimate : IUnaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpEstimate.UnsignedReciprocal((uint)a);
}

internal readonly struct UnsignedReciprocalSquareRootEstimate : IUnaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpEstimate.UnsignedReciprocalSquareRoot((uint)a);
}

internal readonly struct EqualToZero : IUnaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpCompare.Equal<TFormat>(a, 0, ref env) ? Layout<TFormat>.Mask : 0;
}

internal readonly struct GreaterThanZero : IUnaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpCompare.Greater<TFormat>(a, 0, ref env) ? Layout<TFormat>.Mask : 0;
}

internal readonly struct GreaterOrEqualToZero : IUnaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpCompare.GreaterOrEqual<TFormat>(a, 0, ref env) ? Layout<TFormat>.Mask : 0;
}

internal readonly struct LessThanZero : IUnaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpCompare.Greater<TFormat>(0, a, ref env) ? Layout<TFormat>.Mask : 0;
}

internal readonly struct LessOrEqualToZero : IUnaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpCompare.GreaterOrEqual<TFormat>(0, a, ref env) ? Layout<TFormat>.Mask : 0;
}
