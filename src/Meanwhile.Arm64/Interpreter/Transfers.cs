using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>What a load or store moves between memory and its registers, which it writes only after the access succeeded.</summary>
internal unsafe interface ITransfer
{
    /// <summary>Does it when the TLB has the page. False: nothing was done, the slow path must try.</summary>
    static virtual bool TryFast(CpuState* s, Insn* i, ulong va) => false;

    /// <summary>Does it, whatever it takes. False: the access faulted or left.</summary>
    static abstract bool Try(CpuState* s, Insn* i, ulong va, AccessFlags flags);
}

/// <summary>How the registers of a transfer take a value from memory, or give one.</summary>
internal unsafe interface IRegisters<T>
    where T : unmanaged
{
    /// <summary>The value of a slot of <see cref="CpuState.X"/>, or of a V register.</summary>
    static abstract T Get(CpuState* s, int register);

    /// <summary>Writes it, extended to the whole register.</summary>
    static abstract void Set(CpuState* s, int register, T value);
}

/// <summary>Load of register D.</summary>
internal readonly unsafe struct Load<T, TRegisters> : ITransfer
    where T : unmanaged
    where TRegisters : struct, IRegisters<T>
{
    public static bool TryFast(CpuState* s, Insn* i, ulong va)
    {
        if (!GuestAccess.TryHostForRead(s, va, sizeof(T), out byte* host))
            return false;
        TRegisters.Set(s, i->D, Unsafe.ReadUnaligned<T>(host));
        return true;
    }

    public static bool Try(CpuState* s, Insn* i, ulong va, AccessFlags flags)
    {
        if (!GuestAccess.TryRead(s, i, va, out T value, flags))
            return false;
        TRegisters.Set(s, i->D, value);
        return true;
    }
}

/// <summary>Store of register D.</summary>
internal readonly unsafe struct Store<T, TRegisters> : ITransfer
    where T : unmanaged
    where TRegisters : struct, IRegisters<T>
{
    public static bool TryFast(CpuState* s, Insn* i, ulong va)
    {
        if (!GuestAccess.TryHostForWrite(s, va, sizeof(T), out byte* host))
            return false;
        Unsafe.WriteUnaligned(host, TRegisters.Get(s, i->D));
        return true;
    }

    public static bool Try(CpuState* s, Insn* i, ulong va, AccessFlags flags) => GuestAccess.TryWrite(s, i, va, TRegisters.Get(s, i->D), flags);
}

/// <summary>Load of registers D and A. Each is an access of its own.</summary>
internal readonly unsafe struct LoadPair<T, TRegisters> : ITransfer
    where T : unmanaged
    where TRegisters : struct, IRegisters<T>
{
    public static bool TryFast(CpuState* s, Insn* i, ulong va)
    {
        if (!GuestAccess.TryHostForRead(s, va, 2 * sizeof(T), out byte* host))
            return false;
        T second = Unsafe.ReadUnaligned<T>(host + sizeof(T));
        TRegisters.Set(s, i->D, Unsafe.ReadUnaligned<T>(host));
        TRegisters.Set(s, i->A, second);
        return true;
    }

    public static bool Try(CpuState* s, Insn* i, ulong va, AccessFlags flags)
    {
        if (!GuestAccess.TryRead(s, i, va, out T first) || !GuestAccess.TryRead(s, i, va + (ulong)sizeof(T), out T second))
            return false;
        TRegisters.Set(s, i->D, first);
        TRegisters.Set(s, i->A, second);
        return true;
    }
}

/// <summary>
/// Store of registers D and A. Each is an access of its own: when the second faults the first may have been written, which the manual
/// allows (DDI0487 B2.2.1), and is written again when the instruction restarts.
/// </summary>
internal readonly unsafe struct StorePair<T, TRegisters> : ITransfer
    where T : unmanaged
    where TRegisters : struct, IRegisters<T>
{
    public static bool TryFast(CpuState* s, Insn* i, ulong va)
    {
        if (!GuestAccess.TryHostForWrite(s, va, 2 * sizeof(T), out byte* host))
            return false;
        Unsafe.WriteUnaligned(host, TRegisters.Get(s, i->D));
        Unsafe.WriteUnaligned(host + sizeof(T), TRegisters.Get(s, i->A));
        return true;
    }

    public static bool Try(CpuState* s, Insn* i, ulong va, AccessFlags flags) =>
        GuestAccess.TryWrite(s, i, va, TRegisters.Get(s, i->D)) && GuestAccess.TryWrite(s, i, va + (ulong)sizeof(T), TRegisters.Get(s, i->A));
}

/// <summary>General-purpose registers, zero-extended.</summary>
internal readonly unsafe struct General<T> : IRegisters<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T Get(CpuState* s, int register) => T.CreateTruncating(s->X[register]);

    public static void Set(CpuState* s, int register, T value) => s->X[register] = ulong.CreateTruncating(value);
}

/// <summary>General-purpose registers, sign-extended to 64 bits.</summary>
internal readonly unsafe struct SignedTo64<T> : IRegisters<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T Get(CpuState* s, int register) => T.CreateTruncating(s->X[register]);

    public static void Set(CpuState* s, int register, T value) => s->X[register] = (ulong)long.CreateTruncating(value);
}

/// <summary>General-purpose registers, sign-extended to 32 bits.</summary>
internal readonly unsafe struct SignedTo32<T> : IRegisters<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T Get(CpuState* s, int register) => T.CreateTruncating(s->X[register]);

    public static void Set(CpuState* s, int register, T value) => s->X[register] = (uint)int.CreateTruncating(value);
}

/// <summary>The low part of V registers; a load makes the rest zero.</summary>
internal readonly unsafe struct Vector<T> : IRegisters<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static T Get(CpuState* s, int register) => T.CreateTruncating(s->V[2 * register]);

    public static void Set(CpuState* s, int register, T value)
    {
        s->V[2 * register] = ulong.CreateTruncating(value);
        s->V[(2 * register) + 1] = 0;
    }
}

/// <summary>Whole V registers, which are 16-byte aligned within the state.</summary>
internal readonly unsafe struct Quadword : IRegisters<Vector128<ulong>>
{
    public static Vector128<ulong> Get(CpuState* s, int register) => Vector128.LoadAligned(&s->V[2 * register]);

    public static void Set(CpuState* s, int register, Vector128<ulong> value) => value.StoreAligned(&s->V[2 * register]);
}
