using Meanwhile.Arm64.FloatingPoint;

namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

/// <summary>An operation on one element. Empty structs implement it, so that a handler generic over one is compiled for it alone.</summary>
internal interface IUnaryOperation
{
    static abstract ulong Apply<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat;
}

/// <summary>An operation on a pair of elements; see <see cref="IUnaryOperation"/>.</summary>
internal interface IBinaryOperation
{
    static abstract ulong Apply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat;
}

/// <summary>An operation on a pair of elements and an accumulator; see <see cref="IUnaryOperation"/>.</summary>
internal interface ITernaryOperation
{
    static abstract ulong Apply<TFormat>(ulong addend, ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat;
}
