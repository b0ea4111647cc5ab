using Meanwhile.Arm64.FloatingPoint;

namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

// Each names the arithmetic behind an instruction with two source operands; comparisons give all ones or all zeros.

internal readonly struct Add : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpAdd.Add<TFormat>(a, b, ref env);
}

internal readonly struct Subtract : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpAdd.Subtract<TFormat>(a, b, ref env);
}

internal readonly struct AbsoluteDifference : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpAdd.AbsoluteDifference<TFormat>(a, b, ref env);
}

internal readonly struct Multiply : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpMultiply.Multiply<TFormat>(a, b, ref env);
}

internal readonly struct MultiplyNegate : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpMultiply.MultiplyNegate<TFormat>(a, b, ref env);
}

internal readonly struct MultiplyExtended : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpMultiply.MultiplyExtended<TFormat>(a, b, ref env);
}

internal readonly struct Divide : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpDivide.Divide<TFormat>(a, b, ref env);
}

internal readonly struct Max : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpMinMax.Max<TFormat>(a, b, ref env);
}

internal readonly struct Min : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpMinMax.Min<TFormat>(a, b, ref env);
}

internal readonly struct MaxNumber : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpMinMax.MaxNumber<TFormat>(a, b, ref env);
}

internal readonly struct MinNumber : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpMinMax.MinNumber<TFormat>(a, b, ref env);
}

internal readonly struct ReciprocalStep : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpMultiplyAdd.ReciprocalStep<TFormat>(a, b, ref env);
}

internal readonly struct ReciprocalSquareRootStep : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpMultiplyAdd.ReciprocalSquareRootStep<TFormat>(a, b, ref env);
}

internal readonly struct EqualTo : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpCompare.Equal<TFormat>(a, b, ref env) ? Layout<TFormat>.Mask : 0;
}

internal readonly struct GreaterOrEqual : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpCompare.GreaterOrEqual<TFormat>(a, b, ref env) ? Layout<TFormat>.Mask : 0;
}

internal readonly struct GreaterThan : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpCompare.Greater<TFormat>(a, b, ref env) ? Layout<TFormat>.Mask : 0;
}

internal readonly struct AbsoluteGreaterOrEqual : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat
        => FpCompare.GreaterOrEqual<TFormat>(a & ~Layout<TFormat>.Sign, b & ~Layout<TFormat>.Sign, ref env) ? Layout<TFormat>.Mask : 0;
}

internal readonly struct AbsoluteGreaterThan : IBinaryOperation
{
    public static ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat
        => FpCompare.Greater<TFormat>(a & ~Layout<TFormat>.Sign, b & ~Layout<TFormat>.Sign, ref env) ? Layout<TFormat>.Mask : 0;
}
