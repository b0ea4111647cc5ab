using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>How much of a V register an instruction uses: all of it, the low 64 bits, or the lowest lane.</summary>
internal unsafe interface IShape
{
    /// <summary>Reads a register, zeroes where the shape does not reach.</summary>
    static abstract Vector128<T> Load<T>(CpuState* s, int register)
        where T : unmanaged;

    /// <summary>Writes a register, zeroes where the shape does not reach (DDI0487 C1.2.5: a write clears the upper bits).</summary>
    static abstract void Store<T>(CpuState* s, int register, Vector128<T> value)
        where T : unmanaged;
}

/// <summary>Q = 1: 128 bits.</summary>
internal readonly unsafe struct Full : IShape
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Load<T>(CpuState* s, int register)
        where T : unmanaged => ((Vector128<T>*)s->V)[register];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(CpuState* s, int register, Vector128<T> value)
        where T : unmanaged => ((Vector128<T>*)s->V)[register] = value;
}

/// <summary>Q = 0: 64 bits. Also the scalar forms on D registers.</summary>
internal readonly unsafe struct Half : IShape
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Load<T>(CpuState* s, int register)
        where T : unmanaged => Vector128.CreateScalar(s->V[2 * register]).As<ulong, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(CpuState* s, int register, Vector128<T> value)
        where T : unmanaged
        => ((Vector128<ulong>*)s->V)[register] = Vector128.CreateScalar(value.AsUInt64().ToScalar());
}

/// <summary>Scalar: the lowest lane, of any size.</summary>
internal readonly unsafe struct Scalar : IShape
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Load<T>(CpuState* s, int register)
        where T : unmanaged => Vector128.CreateScalar(*(T*)(s->V + 2 * register));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(CpuState* s, int register, Vector128<T> value)
        where T : unmanaged => ((Vector128<T>*)s->V)[register] = Vector128.CreateScalar(value.ToScalar());
}
