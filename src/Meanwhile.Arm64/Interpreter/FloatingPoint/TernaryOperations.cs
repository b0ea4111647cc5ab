using Meanwhile.Arm64.FloatingPoint;

namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

// Each names the arithmetic behind a fused multiply-add.

internal readonly struct MultiplyAdd : ITernaryOperation
{
    public static ulong Apply<TFormat>(ulong addend, ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpMultiplyAdd.MultiplyAdd<TFormat>(addend, a, b, ref env);
}

internal readonly struct MultiplySubtract : ITernaryOperation
{
    public static ulong Apply<TFormat>(ulong addend, ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpMultiplyAdd.MultiplySubtract<TFormat>(addend, a, b, ref env);
}

internal readonly struct NegatedMultiplyAdd : ITernaryOperation
{
    public static ulong Apply<TFormat>(ulong addend, ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpMultiplyAdd.MultiplySubtract<TFormat>(addend ^ Layout<TFormat>.Sign, a, b, ref env);
}

internal readonly struct NegatedMultiplySubtract : ITernaryOperation
{
    public static ulong Apply<TFormat>(ulong addend, ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => FpMultiplyAdd.MultiplyAdd<TFormat>(addend ^ Layout<TFormat>.Sign, a, b, ref env);
}
