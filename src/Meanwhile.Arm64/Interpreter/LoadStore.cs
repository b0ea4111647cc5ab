using System.Runtime.CompilerServices;
using Meanwhile.Arm64.Exceptions;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>The one handler of plain loads and stores, specialised by the run time for each transfer and addressing mode, and what their binders share.</summary>
internal static unsafe class LoadStore
{
    /// <summary>Does the access, then the writeback of the base register: an access that fails changes nothing.</summary>
    internal static int Execute<TTransfer, TMode>(CpuState* s, Insn* i)
        where TTransfer : struct, ITransfer
        where TMode : struct, IAddressingMode
    {
        if (TMode.BaseIsSp && StackAlignment.IsViolated(s))
            return Raise.SpAlignment(s, i);
        ulong va = TMode.Address(s, i);
        if (TMode.Flags != AccessFlags.None || !TTransfer.TryFast(s, i, va))
            return ExecuteSlow<TTransfer, TMode>(s, i, va);
        TMode.WriteBack(s, i, va);
        return Status.Next;
    }

    /// <summary>The rest of <see cref="Execute"/>, out of line: what calls nothing but this at its end needs no stack frame.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ExecuteSlow<TTransfer, TMode>(CpuState* s, Insn* i, ulong va)
        where TTransfer : struct, ITransfer
        where TMode : struct, IAddressingMode
    {
        if (!TTransfer.Try(s, i, va, TMode.Flags))
            return Status.Leave;
        TMode.WriteBack(s, i, va);
        return Status.Next;
    }

    /// <summary>A prefetch: a hint that this PE does not use.</summary>
    internal static int Prefetch(CpuState* s, Insn* i) => Status.Next;

    /// <summary>The slot of a register that is read: 31 is XZR.</summary>
    internal static byte Source(uint register) => (byte)(register == 31 ? CpuState.Zr : register);

    /// <summary>The slot of a register that is written: 31 is XZR.</summary>
    internal static byte Destination(uint register) => (byte)(register == 31 ? CpuState.Sink : register);

    /// <summary>The base register's slot, Rn in bits 9..5: 31 is SP, which is its slot's number too.</summary>
    internal static byte Base(uint word) => (byte)(word >> 5 & 31);

    /// <summary><paramref name="value"/>, whose low <paramref name="bits"/> count, as a signed number.</summary>
    internal static ulong SignExtend(uint value, int bits) => (ulong)((int)(value << (32 - bits)) >> (32 - bits));
}
