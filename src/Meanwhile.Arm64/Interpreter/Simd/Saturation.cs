using System.Numerics;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>Results that did not fit, and the cumulative flag that remembers them (DDI0487 shared/functions/vector/SatQ).</summary>
internal static unsafe class Saturation
{
    private const uint QC = 1u << 27;

    /// <summary>Sets FPSR.QC and returns <paramref name="limit"/>.</summary>
    public static T To<T>(CpuState* s, T limit)
    {
        s->Fpsr |= QC;
        return limit;
    }

    /// <summary>The limit that a value of the sign of <paramref name="like"/> passed.</summary>
    public static T Limit<T>(CpuState* s, T like)
        where T : INumberBase<T>, IMinMaxValue<T> => To(s, T.IsNegative(like) ? T.MinValue : T.MaxValue);
}
