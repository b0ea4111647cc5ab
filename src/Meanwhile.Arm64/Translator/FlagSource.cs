namespace Meanwhile.Arm64.Translator;

/// <summary>How NZCV can be computed again from registers, as long as those keep their values. There is one for each block and branch, so it is small.</summary>
internal readonly record struct FlagSource
{
    /// <summary>In place of a slot.</summary>
    public const int Constant = 63;

    // From the lowest: kind, width, left, right, constant.
    private const int WideAt = 8, LeftAt = 16, RightAt = 24, ImmediateAt = 32;

    private readonly ulong all;

    /// <summary>Of an operation with a constant, or with a slot.</summary>
    /// <param name="kind">What makes the flags.</param>
    /// <param name="wide">64-bit.</param>
    /// <param name="left">Slot of the left operand or of the result.</param>
    /// <param name="right">Slot of the right operand; <see cref="Constant"/>: <paramref name="immediate"/> is in its place.</param>
    /// <param name="immediate">The constant.</param>
    public FlagSource(FlagSourceKind kind, bool wide, int left, int right, int immediate = 0) =>
        all = (ulong)(byte)kind | (wide ? 1UL << WideAt : 0) | (ulong)(byte)left << LeftAt | (ulong)(byte)right << RightAt | (ulong)(uint)immediate << ImmediateAt;

    /// <summary>What makes the flags.</summary>
    public FlagSourceKind Kind => (FlagSourceKind)(byte)all;

    /// <summary>64-bit.</summary>
    public bool Wide => (all >> WideAt & 1) != 0;

    /// <summary>Slot of the left operand or of the result.</summary>
    public int Left => (byte)(all >> LeftAt);

    /// <summary>Slot of the right operand, or <see cref="Constant"/>.</summary>
    public int Right => (byte)(all >> RightAt);

    /// <summary>The constant.</summary>
    public int Immediate => (int)(all >> ImmediateAt);

    /// <summary>They cannot be computed.</summary>
    public bool IsNone => all == 0;

    /// <summary>
    /// Of ADDS or SUBS: of its operands where they are not overwritten, else of the result and the other operand. None when neither tells.
    /// </summary>
    /// <param name="subtracts">SUBS.</param>
    /// <param name="wide">64-bit.</param>
    /// <param name="d">Slot of the result.</param>
    /// <param name="n">Slot of the left operand.</param>
    /// <param name="m">Slot of the right one, or <see cref="Constant"/>.</param>
    /// <param name="immediate">The constant.</param>
    public static FlagSource OfSum(bool subtracts, bool wide, int d, int n, int m, int immediate = 0)
    {
        if (d != n && d != m)
            return new(subtracts ? FlagSourceKind.Subtract : FlagSourceKind.Add, wide, n, m, immediate);
        if (n == m)
            return default;
        if (d == n)
            return new(subtracts ? FlagSourceKind.DifferenceOf : FlagSourceKind.SumOf, wide, d, m, immediate);
        return subtracts ? default : new(FlagSourceKind.SumOf, wide, d, n);
    }
}

/// <summary>The operations that <see cref="FlagSource"/> knows.</summary>
internal enum FlagSourceKind : byte
{
    /// <summary>None.</summary>
    None,

    /// <summary>Left minus right.</summary>
    Subtract,

    /// <summary>Left plus right.</summary>
    Add,

    /// <summary>Left AND right; C and V are clear.</summary>
    And,

    /// <summary>Left is the result of AND, OR or the like; C and V are clear.</summary>
    Result,

    /// <summary>Left is a difference from which right was subtracted.</summary>
    DifferenceOf,

    /// <summary>Left is a sum to which right was added.</summary>
    SumOf,
}
