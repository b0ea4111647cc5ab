using System.Numerics;
using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Mmu;
using Meanwhile.Arm64.SystemRegisters;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <summary>PSTATE fields as special registers, and MSR (immediate) of PAN and UAO, which choose data TLBs (DDI0487 C5.2).</summary>
internal static unsafe class PstateMoves
{
    /// <summary>PEXT and PDEP: V, C, Z and N in <see cref="CpuState.HostFlags"/>, from the lowest up as in NZCV.</summary>
    private const ulong HostFlagBits = 0xC101;

    /// <summary>C is kept as its complement.</summary>
    private const int HostCarry = 0x100;

    private static readonly uint StackPointerSelect = SystemRegister.Key(3, 0, 4, 2, 0);
    private static readonly uint CurrentLevel = SystemRegister.Key(3, 0, 4, 2, 2);
    private static readonly uint PrivilegedAccessNever = SystemRegister.Key(3, 0, 4, 2, 3);
    private static readonly uint UserAccessOverride = SystemRegister.Key(3, 0, 4, 2, 4);
    private static readonly uint ConditionFlags = SystemRegister.Key(3, 3, 4, 2, 0);

    /// <summary>log2 of the distance of the TLBs of EL1 with PAN clear and with PAN set, and of EL0's and the former.</summary>
    private static readonly int TlbShift = BitOperations.Log2((uint)(TlbEntry.MaximumCount << TlbEntry.SizeBits));

    public static void AddTo(TranslationLines lines)
    {
        lines.Add(SystemEncodings.MSR_PAN, Traits.Handler, &SetPan);
        lines.Add(SystemEncodings.MSR_UAO, Traits.Handler, &SetUao);
    }

    /// <summary>MRS into slot <paramref name="d"/>; false when the register is none of these, or only its handler knows.</summary>
    public static bool TryRead(UnitEmitter e, uint key, int d)
    {
        Register result = e.Destination(d);
        Assembler a = e.A;
        if (key == ConditionFlags && e.Features.Bmi2)
        {
            e.ClobberFlags();
            a.Load(2, Register.Rax, Field(HostFlags));
            a.AluImmediate(Arithmetic.Xor, false, Register.Rax, HostCarry);
            a.MovImmediate(Register.Rcx, HostFlagBits);
            a.ExtractBits(false, Register.Rax, Register.Rax, Register.Rcx);
            a.ShiftImmediate(Shift.Shl, false, Register.Rax, 28);
            e.Commit(d, Register.Rax);
            return true;
        }
        if ((e.Mode & UnitMode.El1) == 0)
            return false;
        if (key == CurrentLevel)
        {
            a.MovImmediate(result, 1 << 2);
        }
        else if (key == StackPointerSelect)
        {
            a.Load(1, result, Field(SpSel));
        }
        else if (key == PrivilegedAccessNever || key == UserAccessOverride)
        {
            bool pan = key == PrivilegedAccessNever;
            e.ClobberFlags();
            a.Load(1, result, Field(pan ? Pan : Uao));
            a.ShiftImmediate(Shift.Shl, false, result, pan ? 22 : 23);
        }
        else
        {
            return false;
        }
        e.Commit(d, result);
        return true;
    }

    /// <summary>MSR from a slot; false when the register is none of these.</summary>
    public static bool TryWrite(UnitEmitter e, uint key, int source)
    {
        if (key != ConditionFlags || !e.Features.Bmi2)
            return false;
        Assembler a = e.A;
        e.ClobberFlags();
        a.Mov(false, Register.Rax, e.Read(source, Register.Rax));
        a.ShiftImmediate(Shift.Shr, false, Register.Rax, 28);
        a.MovImmediate(Register.Rcx, HostFlagBits);
        a.DepositBits(false, Register.Rax, Register.Rax, Register.Rcx);
        a.AluImmediate(Arithmetic.Xor, false, Register.Rax, HostCarry);
        a.Store(2, Field(HostFlags), Register.Rax);
        e.SetFlagsInMemory();
        return true;
    }

    /// <summary>The current TLB moves by as much as PAN changes. Under UAO the unprivileged one would follow: the handler sees to that.</summary>
    private static void SetPan(UnitEmitter e, uint word)
    {
        if ((e.Mode & UnitMode.El1) == 0)
        {
            e.CallHandler();
            return;
        }
        int value = (int)(word >> 8 & 1);
        Assembler a = e.A;
        e.BeginAccess();
        a.CompareByte(Field(Uao), 0);
        e.SlowPathIf(HostCondition.NotEqual);
        a.Load(1, Register.Rax, Field(Pan));
        a.StoreImmediate(1, Field(Pan), value);
        a.AluImmediate(Arithmetic.Sub, true, Register.Rax, value);
        a.ShiftImmediate(Shift.Shl, true, Register.Rax, TlbShift);
        a.AluStore(Arithmetic.Sub, true, Field(DataTlb), Register.Rax);
        e.EndAccess();
    }

    /// <summary>The unprivileged TLB is the current one, or EL0's, which lies before those of EL1.</summary>
    private static void SetUao(UnitEmitter e, uint word)
    {
        if ((e.Mode & UnitMode.El1) == 0)
        {
            e.CallHandler();
            return;
        }
        int value = (int)(word >> 8 & 1);
        Assembler a = e.A;
        e.ClobberFlags();
        a.StoreImmediate(1, Field(Uao), value);
        a.Load(8, Register.Rax, Field(DataTlb));
        if (value == 0)
        {
            a.Load(1, Register.Rcx, Field(Pan));
            a.AluImmediate(Arithmetic.Add, true, Register.Rcx, 1);
            a.ShiftImmediate(Shift.Shl, true, Register.Rcx, TlbShift);
            a.Alu(Arithmetic.Sub, true, Register.Rax, Register.Rcx);
        }
        a.Store(8, Field(UnprivilegedTlb), Register.Rax);
    }
}
