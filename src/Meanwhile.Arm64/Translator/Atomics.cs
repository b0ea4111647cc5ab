using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator;

/// <summary>
/// FEAT_LSE: LDADD and its family, SWP, CAS, CASP (DDI0487 C4.1.66). All orderings are the same: the host's locked instructions are full barriers.
/// </summary>
internal static unsafe class Atomics
{
    /// <summary>Where memory is after the lookup.</summary>
    private static readonly Memory Target = new(Register.Rcx);

    public static void AddTo(TranslationLines lines)
    {
        foreach (Encoding encoding in AtomicMemoryEncodings.Group.Encodings)
            lines.Add(encoding, Traits.MayLeave, &ReadModifyWrite);
        lines.Add(LoadStoreExclusiveEncodings.CAS, Traits.MayLeave, &CompareAndSwap);
        lines.Add(LoadStoreExclusiveEncodings.CASP, Traits.MayLeave, &CompareAndSwapPair);
    }

    /// <summary>o3 and opc are bits 15..12.</summary>
    private static void ReadModifyWrite(UnitEmitter e, uint word)
    {
        int size = 1 << (int)(word >> 30);
        int operand = UnitEmitter.Source(word, 16), d = UnitEmitter.Target(word, 0);
        uint function = word >> 12 & 15;
        Assembler a = e.A;
        e.BeginAccess();
        e.AddressWithOffset(UnitEmitter.OrSp(word, 5), 0);
        e.CheckAlignment(size);
        e.LookUpForAtomic();
        if (function == 8)
        {
            e.LoadTo(Register.Rdx, operand);
            a.Exchange(size, Target, Register.Rdx);
            e.CommitExtended(size, d, Register.Rdx);
        }
        else if (function == 0 && d != CpuState.Sink)
        {
            e.LoadTo(Register.Rdx, operand);
            a.Lock();
            a.ExchangeAdd(size, Target, Register.Rdx);
            e.CommitExtended(size, d, Register.Rdx);
        }
        else if (function <= 3 && d == CpuState.Sink)
        {
            Register r = e.Read(operand, Register.Rdx);
            if (function == 1)
            {
                e.LoadTo(Register.Rdx, operand);
                a.Not(true, Register.Rdx);
                r = Register.Rdx;
            }
            a.Lock();
            a.AluStore(function switch { 0 => Arithmetic.Add, 1 => Arithmetic.And, 2 => Arithmetic.Xor, _ => Arithmetic.Or }, size, Target, r);
        }
        else
        {
            CompareExchangeLoop(e, size, function, operand);
            e.CommitExtended(size, d, Register.Rax);
        }
        e.EndAccess();
    }

    /// <summary>What the host has no instruction for that also gives the old value, which is in RAX then.</summary>
    private static void CompareExchangeLoop(UnitEmitter e, int size, uint function, int operand)
    {
        Assembler a = e.A;
        a.Load(size, Register.Rax, Target);
        nint again = a.Address;
        e.LoadTo(Register.Rdx, operand);
        switch (function)
        {
            case 1:
                a.Not(true, Register.Rdx);
                a.Alu(Arithmetic.And, true, Register.Rdx, Register.Rax);
                break;
            case 2:
                a.Alu(Arithmetic.Xor, true, Register.Rdx, Register.Rax);
                break;
            case 3:
                a.Alu(Arithmetic.Or, true, Register.Rdx, Register.Rax);
                break;
            default:
                // Memory's value where the condition holds, else the operand.
                a.Compare(size, Register.Rax, Register.Rdx);
                HostCondition keeps = function switch
                {
                    4 => HostCondition.Greater,
                    5 => HostCondition.Less,
                    6 => HostCondition.Above,
                    _ => HostCondition.Below,
                };
                a.MoveIf(keeps, true, Register.Rdx, Register.Rax);
                break;
        }
        a.Lock();
        a.CompareExchange(size, Target, Register.Rdx);
        a.JumpIf(HostCondition.NotEqual, again);
    }

    private static void CompareAndSwap(UnitEmitter e, uint word)
    {
        int size = 1 << (int)(word >> 30);
        e.BeginAccess();
        e.AddressWithOffset(UnitEmitter.OrSp(word, 5), 0);
        e.CheckAlignment(size);
        e.LookUpForAtomic();
        e.LoadTo(Register.Rax, UnitEmitter.Source(word, 16));
        Register desired = e.Read(UnitEmitter.Source(word, 0), Register.Rdx);
        e.A.Lock();
        e.A.CompareExchange(size, Target, desired);
        e.CommitExtended(size, UnitEmitter.Target(word, 16), Register.Rax);
        e.EndAccess();
    }

    /// <summary>Of doublewords, as kernels use it; words are the handler's. The first register of a pair is even, so only the second can be XZR.</summary>
    private static void CompareAndSwapPair(UnitEmitter e, uint word)
    {
        if ((word >> 30 & 1) == 0)
        {
            e.CallHandler();
            return;
        }
        int expected = (int)(word >> 16 & 31), desired = (int)(word & 31);
        e.BeginAccess();
        e.AddressWithOffset(UnitEmitter.OrSp(word, 5), 0);
        e.CheckAlignment(16);
        e.LookUpForAtomic();
        e.CompareExchange16(
            () =>
            {
                e.LoadSaved(Register.Rax, expected);
                e.LoadSaved(Register.Rdx, Interpreter.Slot.Source((uint)expected + 1, 0));
            },
            desired,
            Interpreter.Slot.Source((uint)desired + 1, 0));
        e.Commit(expected, Register.Rax);
        e.Commit(Interpreter.Slot.Destination((uint)expected + 1, 0), Register.Rdx);
        e.EndAccess();
    }
}
