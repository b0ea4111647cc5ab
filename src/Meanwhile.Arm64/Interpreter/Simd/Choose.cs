namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>Which specialisation of a handler serves a lane type: <c>size</c> is the manual's (0..3 for 8..64 bits).</summary>
internal static unsafe class Choose
{
    /// <summary>A handler on lanes of that size.</summary>
    public static delegate*<CpuState*, Insn*, int> Same<TOp, TShape>(bool unsigned, uint size)
        where TOp : struct, IVectorOp
        where TShape : struct, IShape
        => (unsigned, size) switch
        {
            (false, 0) => &Execute.Same<TOp, sbyte, TShape>,
            (false, 1) => &Execute.Same<TOp, short, TShape>,
            (false, 2) => &Execute.Same<TOp, int, TShape>,
            (false, 3) => &Execute.Same<TOp, long, TShape>,
            (true, 0) => &Execute.Same<TOp, byte, TShape>,
            (true, 1) => &Execute.Same<TOp, ushort, TShape>,
            (true, 2) => &Execute.Same<TOp, uint, TShape>,
            _ => &Execute.Same<TOp, ulong, TShape>,
        };

    /// <summary>A handler on lanes of that size and one element.</summary>
    public static delegate*<CpuState*, Insn*, int> SameByElement<TOp, TShape>(bool unsigned, uint size)
        where TOp : struct, IVectorOp
        where TShape : struct, IShape
        => (unsigned, size) switch
        {
            (false, 0) => &Execute.SameByElement<TOp, sbyte, TShape>,
            (false, 1) => &Execute.SameByElement<TOp, short, TShape>,
            (false, 2) => &Execute.SameByElement<TOp, int, TShape>,
            (false, 3) => &Execute.SameByElement<TOp, long, TShape>,
            (true, 0) => &Execute.SameByElement<TOp, byte, TShape>,
            (true, 1) => &Execute.SameByElement<TOp, ushort, TShape>,
            (true, 2) => &Execute.SameByElement<TOp, uint, TShape>,
            _ => &Execute.SameByElement<TOp, ulong, TShape>,
        };

    /// <summary>A handler that widens lanes of that size.</summary>
    public static delegate*<CpuState*, Insn*, int> Long<TOp, TPart>(bool unsigned, uint size)
        where TOp : struct, IVectorOp
        where TPart : struct, IPart
        => (unsigned, size) switch
        {
            (false, 0) => &Execute.Long<TOp, short, TPart>,
            (false, 1) => &Execute.Long<TOp, int, TPart>,
            (false, 2) => &Execute.Long<TOp, long, TPart>,
            (true, 0) => &Execute.Long<TOp, ushort, TPart>,
            (true, 1) => &Execute.Long<TOp, uint, TPart>,
            _ => &Execute.Long<TOp, ulong, TPart>,
        };

    /// <summary>A handler that widens lanes of that size and one element.</summary>
    public static delegate*<CpuState*, Insn*, int> LongByElement<TOp, TPart>(bool unsigned, uint size)
        where TOp : struct, IVectorOp
        where TPart : struct, IPart
        => (unsigned, size) switch
        {
            (false, 0) => &Execute.LongByElement<TOp, short, TPart>,
            (false, 1) => &Execute.LongByElement<TOp, int, TPart>,
            (false, 2) => &Execute.LongByElement<TOp, long, TPart>,
            (true, 0) => &Execute.LongByElement<TOp, ushort, TPart>,
            (true, 1) => &Execute.LongByElement<TOp, uint, TPart>,
            _ => &Execute.LongByElement<TOp, ulong, TPart>,
        };

    /// <summary>A handler that widens lanes of that size in the second source.</summary>
    public static delegate*<CpuState*, Insn*, int> Wide<TOp, TPart>(bool unsigned, uint size)
        where TOp : struct, IVectorOp
        where TPart : struct, IPart
        => (unsigned, size) switch
        {
            (false, 0) => &Execute.Wide<TOp, short, TPart>,
            (false, 1) => &Execute.Wide<TOp, int, TPart>,
            (false, 2) => &Execute.Wide<TOp, long, TPart>,
            (true, 0) => &Execute.Wide<TOp, ushort, TPart>,
            (true, 1) => &Execute.Wide<TOp, uint, TPart>,
            _ => &Execute.Wide<TOp, ulong, TPart>,
        };

    /// <summary>A handler on lanes of that size.</summary>
    public static delegate*<CpuState*, Insn*, int> Shift<TOp, TShape>(bool unsigned, uint size)
        where TOp : struct, IShiftOp
        where TShape : struct, IShape
        => (unsigned, size) switch
        {
            (false, 0) => &Execute.Shift<TOp, sbyte, TShape>,
            (false, 1) => &Execute.Shift<TOp, short, TShape>,
            (false, 2) => &Execute.Shift<TOp, int, TShape>,
            (false, 3) => &Execute.Shift<TOp, long, TShape>,
            (true, 0) => &Execute.Shift<TOp, byte, TShape>,
            (true, 1) => &Execute.Shift<TOp, ushort, TShape>,
            (true, 2) => &Execute.Shift<TOp, uint, TShape>,
            _ => &Execute.Shift<TOp, ulong, TShape>,
        };

    /// <summary>A handler that widens lanes of that size.</summary>
    public static delegate*<CpuState*, Insn*, int> ShiftLong<TPart>(bool unsigned, uint size)
        where TPart : struct, IPart
        => (unsigned, size) switch
        {
            (false, 0) => &Execute.ShiftLong<short, TPart>,
            (false, 1) => &Execute.ShiftLong<int, TPart>,
            (false, 2) => &Execute.ShiftLong<long, TPart>,
            (true, 0) => &Execute.ShiftLong<ushort, TPart>,
            (true, 1) => &Execute.ShiftLong<uint, TPart>,
            _ => &Execute.ShiftLong<ulong, TPart>,
        };

    /// <summary>A handler that narrows to lanes of that size.</summary>
    public static delegate*<CpuState*, Insn*, int> ShiftNarrow<TOp, TShape>(bool unsigned, uint size)
        where TOp : struct, IShiftOp
        where TShape : struct, IShape
        => (unsigned, size) switch
        {
            (false, 0) => &Execute.ShiftNarrow<TOp, short, TShape>,
            (false, 1) => &Execute.ShiftNarrow<TOp, int, TShape>,
            (false, 2) => &Execute.ShiftNarrow<TOp, long, TShape>,
            (true, 0) => &Execute.ShiftNarrow<TOp, ushort, TShape>,
            (true, 1) => &Execute.ShiftNarrow<TOp, uint, TShape>,
            _ => &Execute.ShiftNarrow<TOp, ulong, TShape>,
        };

    /// <summary>A handler that narrows to lanes of that size, in the high half.</summary>
    public static delegate*<CpuState*, Insn*, int> ShiftNarrow2<TOp>(bool unsigned, uint size)
        where TOp : struct, IShiftOp
        => (unsigned, size) switch
        {
            (false, 0) => &Execute.ShiftNarrow2<TOp, short>,
            (false, 1) => &Execute.ShiftNarrow2<TOp, int>,
            (false, 2) => &Execute.ShiftNarrow2<TOp, long>,
            (true, 0) => &Execute.ShiftNarrow2<TOp, ushort>,
            (true, 1) => &Execute.ShiftNarrow2<TOp, uint>,
            _ => &Execute.ShiftNarrow2<TOp, ulong>,
        };

    /// <summary>A handler that adds across lanes of that size.</summary>
    public static delegate*<CpuState*, Insn*, int> SumLong<TShape>(bool unsigned, uint size)
        where TShape : struct, IShape
        => (unsigned, size) switch
        {
            (false, 0) => &Execute.SumLong<short, TShape>,
            (false, 1) => &Execute.SumLong<int, TShape>,
            (false, 2) => &Execute.SumLong<long, TShape>,
            (true, 0) => &Execute.SumLong<ushort, TShape>,
            (true, 1) => &Execute.SumLong<uint, TShape>,
            _ => &Execute.SumLong<ulong, TShape>,
        };

    /// <summary>A handler that folds lanes of that size.</summary>
    public static delegate*<CpuState*, Insn*, int> Reduce<TOp, TShape>(bool unsigned, uint size)
        where TOp : struct, IVectorOp
        where TShape : struct, IShape
        => (unsigned, size) switch
        {
            (false, 0) => &Execute.Reduce<TOp, sbyte, TShape>,
            (false, 1) => &Execute.Reduce<TOp, short, TShape>,
            (false, 2) => &Execute.Reduce<TOp, int, TShape>,
            (false, 3) => &Execute.Reduce<TOp, long, TShape>,
            (true, 0) => &Execute.Reduce<TOp, byte, TShape>,
            (true, 1) => &Execute.Reduce<TOp, ushort, TShape>,
            (true, 2) => &Execute.Reduce<TOp, uint, TShape>,
            _ => &Execute.Reduce<TOp, ulong, TShape>,
        };
}
