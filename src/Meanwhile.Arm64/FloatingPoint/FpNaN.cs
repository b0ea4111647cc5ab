namespace Meanwhile.Arm64.FloatingPoint;

/// <summary>NaN results: FPProcessNaN, FPProcessNaNs and FPProcessNaNs3 (DDI0487 A1.5.4 and J1.3).</summary>
internal static class FpNaN
{
    /// <summary>The result of an invalid operation: the default NaN, and Invalid Operation.</summary>
    public static ulong Invalid<TFormat>(ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        env.Raise(FpException.InvalidOperation);
        return Layout<TFormat>.DefaultNaN;
    }

    /// <summary>
    /// The result of an operation whose NaN operand <paramref name="bits"/> is propagated: quietened, or the default one.
    /// </summary>
    public static ulong Propagate<TFormat>(FpClass kind, ulong bits, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        if (kind == FpClass.SignallingNaN)
            env.Raise(FpException.InvalidOperation);
        return env.DefaultNaN ? Layout<TFormat>.DefaultNaN : bits | Layout<TFormat>.Quiet;
    }

    /// <summary>The result of an operation with a NaN among two operands: the first signalling one, else the first quiet one.</summary>
    public static bool TryPropagate<TFormat>(in Unpacked x, ulong a, in Unpacked y, ulong b, ref FpEnvironment env, out ulong result)
        where TFormat : struct, IFormat
    {
        result = 0;
        if (!x.IsNaN && !y.IsNaN)
            return false;
        bool first = x.Class == FpClass.SignallingNaN || (x.IsNaN && y.Class != FpClass.SignallingNaN);
        result = first ? Propagate<TFormat>(x.Class, a, ref env) : Propagate<TFormat>(y.Class, b, ref env);
        return true;
    }
}
