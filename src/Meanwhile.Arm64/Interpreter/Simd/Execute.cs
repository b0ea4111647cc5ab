using System.Numerics;
using System.Runtime.Intrinsics;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>The handlers of the lane-wise instructions: one for each way of getting operands and putting the result.</summary>
internal static unsafe class Execute
{
    /// <summary>Sources and result of one shape and lane type.</summary>
    public static int Same<TOp, T, TShape>(CpuState* s, Insn* i)
        where TOp : struct, IVectorOp
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TShape : struct, IShape
    {
        Vector128<T> d = TOp.ReadsD ? TShape.Load<T>(s, i->D) : default;
        Vector128<T> m = TOp.ReadsM ? TShape.Load<T>(s, i->M) : default;
        TShape.Store(s, i->D, TOp.Apply(s, d, TShape.Load<T>(s, i->N), m));
        return Status.Next;
    }

    /// <summary>As <see cref="Same"/>; the second source is one lane, for all.</summary>
    public static int SameByElement<TOp, T, TShape>(CpuState* s, Insn* i)
        where TOp : struct, IVectorOp
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TShape : struct, IShape
    {
        Vector128<T> d = TOp.ReadsD ? TShape.Load<T>(s, i->D) : default;
        Vector128<T> m = Vector128.Create(((T*)(s->V + 2 * i->M))[i->Option]);
        TShape.Store(s, i->D, TOp.Apply(s, d, TShape.Load<T>(s, i->N), m));
        return Status.Next;
    }

    /// <summary>Sources of half the lane size of the result.</summary>
    public static int Long<TOp, T, TPart>(CpuState* s, Insn* i)
        where TOp : struct, IVectorOp
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TPart : struct, IPart
    {
        Vector128<T> d = TOp.ReadsD ? TPart.LoadWide<T>(s, i->D) : default;
        Full.Store(s, i->D, TOp.Apply(s, d, TPart.Load<T>(s, i->N), TPart.Load<T>(s, i->M)));
        return Status.Next;
    }

    /// <summary>As <see cref="Long"/>; the second source is one lane, for all.</summary>
    public static int LongByElement<TOp, T, TPart>(CpuState* s, Insn* i)
        where TOp : struct, IVectorOp
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TPart : struct, IPart
    {
        Vector128<T> d = TOp.ReadsD ? TPart.LoadWide<T>(s, i->D) : default;
        int bits = sizeof(T) * 4;
        // The element's bits, moved to the top of a wide lane and down again, extend by the sign of the type.
        ulong element = s->V[2 * i->M + (i->Option * bits >> 6)] >> (i->Option * bits & 63);
        Vector128<T> m = Vector128.Create(T.CreateTruncating(element) << bits >> bits);
        Full.Store(s, i->D, TOp.Apply(s, d, TPart.Load<T>(s, i->N), m));
        return Status.Next;
    }

    /// <summary>The first source has the lanes of the result, the second has lanes of half the size.</summary>
    public static int Wide<TOp, T, TPart>(CpuState* s, Insn* i)
        where TOp : struct, IVectorOp
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TPart : struct, IPart
    {
        Full.Store(s, i->D, TOp.Apply(s, default, Full.Load<T>(s, i->N), TPart.Load<T>(s, i->M)));
        return Status.Next;
    }

    /// <summary>The high halves of the lanes that <typeparamref name="TOp"/> computes, to the low half of the destination.</summary>
    public static int HighHalf<TOp, T>(CpuState* s, Insn* i)
        where TOp : struct, IVectorOp
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Vector128<T> wide = TOp.Apply(s, default, Full.Load<T>(s, i->N), Full.Load<T>(s, i->M)) >>> (sizeof(T) * 4);
        Half.Store(s, i->D, Width.Narrow(wide, wide));
        return Status.Next;
    }

    /// <summary>As <see cref="HighHalf"/>, to the high half of the destination; the low half stays.</summary>
    public static int HighHalf2<TOp, T>(CpuState* s, Insn* i)
        where TOp : struct, IVectorOp
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Vector128<T> wide = TOp.Apply(s, default, Full.Load<T>(s, i->N), Full.Load<T>(s, i->M)) >>> (sizeof(T) * 4);
        s->V[2 * i->D + 1] = Width.Narrow(wide, wide).ToScalar();
        return Status.Next;
    }

    /// <summary>A shift by an immediate.</summary>
    public static int Shift<TOp, T, TShape>(CpuState* s, Insn* i)
        where TOp : struct, IShiftOp
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TShape : struct, IShape
    {
        Vector128<T> d = TOp.ReadsD ? TShape.Load<T>(s, i->D) : default;
        TShape.Store(s, i->D, TOp.Apply(s, d, TShape.Load<T>(s, i->N), i->Shift));
        return Status.Next;
    }

    /// <summary>SSHLL, USHLL, SHLL: widens, then shifts to the left.</summary>
    public static int ShiftLong<T, TPart>(CpuState* s, Insn* i)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TPart : struct, IPart
    {
        Full.Store(s, i->D, TPart.Load<T>(s, i->N) << i->Shift);
        return Status.Next;
    }

    /// <summary>The low halves of the lanes that <typeparamref name="TOp"/> computes, to the low half of the destination.</summary>
    public static int ShiftNarrow<TOp, T, TShape>(CpuState* s, Insn* i)
        where TOp : struct, IShiftOp
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TShape : struct, IShape
    {
        // TShape is Full or Scalar; the lanes that Scalar lacks are zero.
        Vector128<T> wide = TOp.Apply(s, default, TShape.Load<T>(s, i->N), i->Shift);
        Half.Store(s, i->D, Width.Narrow(wide, wide));
        return Status.Next;
    }

    /// <summary>As <see cref="ShiftNarrow"/>, to the high half of the destination; the low half stays.</summary>
    public static int ShiftNarrow2<TOp, T>(CpuState* s, Insn* i)
        where TOp : struct, IShiftOp
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        Vector128<T> wide = TOp.Apply(s, default, Full.Load<T>(s, i->N), i->Shift);
        s->V[2 * i->D + 1] = Width.Narrow(wide, wide).ToScalar();
        return Status.Next;
    }

    /// <summary>The sum of the two 64-bit lanes: the scalar ADDP.</summary>
    public static int AddPair(CpuState* s, Insn* i)
    {
        Half.Store(s, i->D, Vector128.CreateScalar(s->V[2 * i->N] + s->V[2 * i->N + 1]));
        return Status.Next;
    }

    /// <summary>ADDV.</summary>
    public static int Sum<T, TShape>(CpuState* s, Insn* i)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TShape : struct, IShape
    {
        Scalar.Store(s, i->D, Vector128.CreateScalar(Vector128.Sum(TShape.Load<T>(s, i->N))));
        return Status.Next;
    }

    /// <summary>SADDLV, UADDLV: the lanes have half the size of <typeparamref name="T"/>.</summary>
    public static int SumLong<T, TShape>(CpuState* s, Insn* i)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TShape : struct, IShape
    {
        Vector128<ulong> n = TShape.Load<ulong>(s, i->N);
        Vector128<T> sums = Width.Widen<T>(n) + Width.Widen<T>(Vector128.CreateScalar(n.GetElement(1)));
        Scalar.Store(s, i->D, Vector128.CreateScalar(Vector128.Sum(sums)));
        return Status.Next;
    }

    /// <summary>SMAXV, SMINV, …: folds the vector until one lane is left.</summary>
    public static int Reduce<TOp, T, TShape>(CpuState* s, Insn* i)
        where TOp : struct, IVectorOp
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TShape : struct, IShape
    {
        Vector128<ulong> n = TShape.Load<ulong>(s, i->N);
        // Maximum and minimum do not mind counting a lane twice: a 64-bit vector folds with itself.
        ulong high = typeof(TShape) == typeof(Full) ? n.GetElement(1) : n.ToScalar();
        Vector128<T> folded = TOp.Apply(s, default, n.As<ulong, T>(), Vector128.CreateScalar(high).As<ulong, T>());
        for (int bits = 32; bits >= sizeof(T) * 8; bits >>= 1)
            folded = TOp.Apply(s, default, folded, (folded.AsUInt64() >>> bits).As<ulong, T>());
        Scalar.Store(s, i->D, folded);
        return Status.Next;
    }
}
