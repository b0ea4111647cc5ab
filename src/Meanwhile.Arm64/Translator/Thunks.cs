using System.Runtime.InteropServices;
using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.Translator.FloatingPoint;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <summary>The pieces of host code that all units share: the way in, the ways out, and the call of an interpreter handler.</summary>
/// <remarks>
/// Unsafe: they run with the state that <see cref="Enter"/> was given in RBP, on the caller's stack, which stays aligned to 16 within units.
/// The System V ABI's callee-saved registers are kept; the garbage collector sees an unmanaged frame.
/// </remarks>
internal sealed unsafe class Thunks
{

    private static readonly Register[] CalleeSaved = [Register.Rbx, Register.Rbp, Register.R12, Register.R13, Register.R14, Register.R15];

    /// <summary>Bits of an offset in a page, in what <see cref="BudgetSpent"/> is given.</summary>
    public const int OffsetBits = 12;

    /// <summary>Bits of a count of instructions, in what <see cref="CallHandler"/> is given.</summary>
    public const int ChargedBits = 9;

    /// <summary>
    /// Instructions of the budget that code has at a time: what an interrupt, or another PE that waits for maintenance, may have to wait for.
    /// More than any block has.
    /// </summary>
    public const int BudgetPortion = 4096;

    /// <summary>Emits them.</summary>
    /// <param name="a">Where to.</param>
    /// <param name="insns">The arena of instructions that handlers execute.</param>
    /// <param name="counting">Handlers' instructions are counted.</param>
    public Thunks(Assembler a, Insn* insns, bool counting = false)
    {
        a.Align(16);
        Enter = (delegate* unmanaged<CpuState*, nint, int>)a.Address;
        EmitEnter(a);
        a.Align(16);
        nint exit = a.Address;
        Spill(a);
        ToNzcv(a);
        a.Store(8, Field(Remaining), Budget);
        nint exitSpilled = a.Address;
        EmitReturn(a);
        a.Align(16);
        Lookup = a.Address;
        EmitNeighbourLookUp(a);
        EmitSecondLookUp(a);
        a.Alu(Arithmetic.Xor, false, Register.Rcx, Register.Rcx);
        EmitExit(a, ExitReason.Lookup, exit, linkSite: true);
        a.Align(16);
        Link = a.Address;
        a.Alu(Arithmetic.Add, true, Register.Rax, Field(CodePageVa));
        EmitExit(a, ExitReason.Lookup, exit, linkSite: true);
        a.Align(16);
        BudgetSpent = a.Address;
        EmitBudgetSpent(a, exit);
        a.Align(16);
        CallHandler = a.Address;
        EmitCallHandler(a, exitSpilled, insns, counting);
    }

    /// <summary>Runs translated code from an entry until it leaves; returns an <see cref="ExitReason"/>.</summary>
    public delegate* unmanaged<CpuState*, nint, int> Enter { get; }

    /// <summary>
    /// Jump target: look RAX, a virtual address, up, which is not in its entry of the jump cache; RCX is the entry's index times 4, RDX the key.
    /// </summary>
    public nint Lookup { get; }

    /// <summary>Jump target: look RAX, an offset from the current page, up, and make the jump whose displacement is at RCX lead there.</summary>
    public nint Link { get; }

    /// <summary>
    /// Call target: the budget is spent at an offset from the current page, RAX's low <see cref="OffsetBits"/>; the bits above are what the block charged, which
    /// is given back. Returns when there is more; the block is to charge again. Else leaves, for the budget or because something needs attention.
    /// </summary>
    public nint BudgetSpent { get; }

    /// <summary>
    /// Call target: executes an instruction by its handler. EAX: the number of its <see cref="Insn"/>, above <see cref="ChargedBits"/> of how
    /// many instructions of its block, from it on, the budget has been charged for already. Does not return when the handler ends the block.
    /// </summary>
    public nint CallHandler { get; }

    private static void EmitEnter(Assembler a)
    {
        foreach (Register r in CalleeSaved)
            a.Push(r);
        a.AluImmediate(Arithmetic.Sub, true, Register.Rsp, 8);
        a.Lea(true, State, new Memory(Register.Rdi, Bias));
        a.Mov(true, Register.Rax, Register.Rsi);
        a.Load(8, Budget, Field(Remaining));
        FloatingPointRegisters.UpdateReady(a);
        FromNzcv(a);
        Reload(a);
        a.JumpTo(Register.Rax);
    }

    /// <summary>Goes on at the code of RAX when the neighbour of its entry in the jump cache has it.</summary>
    private static void EmitNeighbourLookUp(Assembler a)
    {
        a.Lea(true, Register.Rcx, new Memory(State, Register.Rcx, JumpCache.EntryBits - 2, JumpCacheEntries));
        a.AluImmediate(Arithmetic.Xor, true, Register.Rcx, 1 << JumpCache.EntryBits);
        a.Alu(Arithmetic.Cmp, true, Register.Rax, new Memory(Register.Rcx));
        byte* otherAddress = a.JumpShortIf(HostCondition.NotEqual);
        a.Alu(Arithmetic.Cmp, true, Register.Rdx, new Memory(Register.Rcx, sizeof(ulong)));
        byte* otherKey = a.JumpShortIf(HostCondition.NotEqual);
        a.AluImmediate(Arithmetic.And, true, Register.Rax, -0x1000);
        a.Store(8, Field(CodePageVa), Register.Rax);
        a.JumpTo(new Memory(Register.Rcx, 2 * sizeof(ulong)));
        a.BindShort(otherAddress);
        a.BindShort(otherKey);
    }

    /// <summary>Goes on at the code of RAX, whose key is RDX, when the jump cache's second level has it; it is in the first one, too, then.</summary>
    private static void EmitSecondLookUp(Assembler a)
    {
        Memory second = new(Register.Rcx);
        a.Mov(false, Register.Rcx, Register.Rax);
        a.ShiftImmediate(Shift.Shr, false, Register.Rcx, 2);
        a.Imul(false, Register.Rcx, Register.Rcx, unchecked((int)JumpCache.SecondHash));
        a.ShiftImmediate(Shift.Shr, false, Register.Rcx, 32 - JumpCache.SecondBits);
        a.ShiftImmediate(Shift.Shl, true, Register.Rcx, JumpCache.EntryBits);
        a.Alu(Arithmetic.Add, true, Register.Rcx, Field(JumpCacheSeconds));
        a.Alu(Arithmetic.Cmp, true, Register.Rax, second);
        byte* otherAddress = a.JumpShortIf(HostCondition.NotEqual);
        a.Alu(Arithmetic.Cmp, true, Register.Rdx, second.Plus(sizeof(ulong)));
        byte* otherKey = a.JumpShortIf(HostCondition.NotEqual);
        a.Load(8, Register.Rdx, Field(JumpCacheClearings));
        a.Alu(Arithmetic.Cmp, true, Register.Rdx, second.Plus(3 * sizeof(ulong)));
        byte* forgotten = a.JumpShortIf(HostCondition.NotEqual);
        // As JumpCache.EnterFirst does. A count of clearings stays out of the first level.
        a.ZeroExtend(2, Register.Rdx, Register.Rax);
        a.Lea(true, Register.Rdx, new Memory(State, Register.Rdx, JumpCache.EntryBits - 2, JumpCacheEntries));
        a.AluImmediate(Arithmetic.And, true, Register.Rax, -0x1000);
        a.Store(8, Field(CodePageVa), Register.Rax);
        LoadEntry(a, Register.Rdx);
        a.AluImmediate(Arithmetic.Xor, true, Register.Rdx, 1 << JumpCache.EntryBits);
        StoreEntry(a, Register.Rdx);
        a.AluImmediate(Arithmetic.Xor, true, Register.Rdx, 1 << JumpCache.EntryBits);
        LoadEntry(a, Register.Rcx);
        StoreEntry(a, Register.Rdx);
        a.JumpTo(second.Plus(2 * sizeof(ulong)));
        a.BindShort(otherAddress);
        a.BindShort(otherKey);
        a.BindShort(forgotten);
    }

    /// <summary>Address, key and code of a jump cache entry to XMM0 and RAX: V registers live in memory between instructions.</summary>
    private static void LoadEntry(Assembler a, Register entry)
    {
        a.LoadVector(16, VectorRegister.Xmm0, new Memory(entry));
        a.Load(8, Register.Rax, new Memory(entry, 16));
    }

    private static void StoreEntry(Assembler a, Register entry)
    {
        a.StoreVector(16, new Memory(entry), VectorRegister.Xmm0);
        a.Store(8, new Memory(entry, 16), Register.Rax);
    }

    private static void EmitBudgetSpent(Assembler a, nint exit)
    {
        a.Mov(false, Register.Rcx, Register.Rax);
        a.ShiftImmediate(Shift.Shr, false, Register.Rcx, OffsetBits);
        a.Alu(Arithmetic.Add, true, Budget, Register.Rcx);
        a.AluImmediate(Arithmetic.And, false, Register.Rax, (1 << OffsetBits) - 1);
        a.AluImmediate(Arithmetic.Cmp, false, Field(AttentionBits), 0);
        byte* attention = a.JumpForwardIf(HostCondition.NotEqual);
        a.Load(8, Register.Rcx, Field(Beyond));
        a.Test(true, Register.Rcx, Register.Rcx);
        byte* spent = a.JumpForwardIf(HostCondition.Equal);
        a.MovImmediate(Register.Rdx, BudgetPortion);
        a.Alu(Arithmetic.Cmp, true, Register.Rcx, Register.Rdx);
        a.MoveIf(HostCondition.Above, true, Register.Rcx, Register.Rdx);
        a.AluStore(Arithmetic.Sub, true, Field(Beyond), Register.Rcx);
        a.AluStore(Arithmetic.Add, true, Field(Limit), Register.Rcx);
        a.Alu(Arithmetic.Add, true, Budget, Register.Rcx);
        a.Return();
        EmitLeave(attention, ExitReason.Attention);
        EmitLeave(spent, ExitReason.Budget);

        void EmitLeave(byte* jump, ExitReason reason)
        {
            a.Bind(jump);
            // The return address is not needed any more.
            a.AluImmediate(Arithmetic.Add, true, Register.Rsp, 8);
            a.Alu(Arithmetic.Add, true, Register.Rax, Field(CodePageVa));
            EmitExit(a, reason, exit, linkSite: false);
        }
    }

    private static void EmitReturn(Assembler a)
    {
        a.AluImmediate(Arithmetic.Add, true, Register.Rsp, 8);
        for (int n = CalleeSaved.Length - 1; n >= 0; n--)
            a.Pop(CalleeSaved[n]);
        a.Return();
    }

    private static void EmitExit(Assembler a, ExitReason reason, nint exit, bool linkSite)
    {
        a.Store(8, Field(Pc), Register.Rax);
        if (linkSite)
            a.Store(8, Field(LinkSite), Register.Rcx);
        a.MovImmediate(Register.Rax, (ulong)reason);
        a.Jump(exit);
    }

    private static void EmitCallHandler(Assembler a, nint exitSpilled, Insn* insns, bool counting)
    {
        if (counting)
            a.AluImmediate(Arithmetic.Add, true, Field(HandlerCalls), 1);
        a.AluImmediate(Arithmetic.Sub, true, Register.Rsp, 8);
        Spill(a);
        a.Mov(false, Register.Rcx, Register.Rax);
        a.AluImmediate(Arithmetic.And, false, Register.Rcx, (1 << ChargedBits) - 1);
        a.ShiftImmediate(Shift.Shr, false, Register.Rax, ChargedBits);
        // Five times eight bytes each.
        a.Lea(true, Register.Rax, new Memory(Register.Rax, Register.Rax, 2));
        a.MovImmediate(Register.Rdx, (ulong)insns);
        a.Lea(true, Register.Rax, new Memory(Register.Rdx, Register.Rax, 3));
        a.Store(8, Field(ExitInsn), Register.Rax);
        a.Store(8, Field(CountedUpTo), Register.Rax);
        a.Store(8, Field(Remaining), Budget);
        // Retired so far: the limit less what is left of the budget, less what the block was charged for in advance.
        a.Alu(Arithmetic.Add, true, Register.Rcx, Budget);
        a.Load(8, Register.Rdx, Field(Limit));
        a.Alu(Arithmetic.Sub, true, Register.Rdx, Register.Rcx);
        a.Store(8, Field(Retired), Register.Rdx);
        a.Mov(true, Register.Rsi, Register.Rax);
        ToNzcv(a);
        a.Lea(true, Register.Rdi, new Memory(State, -Bias));
        a.MovAddress(Register.Rax, (nint)(delegate* unmanaged<CpuState*, Insn*, int>)&Execute);
        a.CallTo(Register.Rax);
        a.Test(false, Register.Rax, Register.Rax);
        byte* leaves = a.JumpForwardIf(HostCondition.NotEqual);
        a.AluImmediate(Arithmetic.Cmp, false, Field(AttentionBits), 0);
        byte* attention = a.JumpForwardIf(HostCondition.NotEqual);
        nint goOn = a.Address;
        FloatingPointRegisters.UpdateReady(a);
        FromNzcv(a);
        Reload(a);
        a.AluImmediate(Arithmetic.Add, true, Register.Rsp, 8);
        a.Return();
        a.Bind(leaves);
        a.AluImmediate(Arithmetic.Add, true, Register.Rax, ExitReason.Branch - (ExitReason)Status.Branch);
        // The return address goes with the alignment.
        a.AluImmediate(Arithmetic.Add, true, Register.Rsp, 16);
        a.Jump(exitSpilled);
        // What a handler itself has asked for is seen at the next block, as the interpreter sees it: that portion of the budget ends here.
        a.Bind(attention);
        a.AluStore(Arithmetic.Sub, true, Field(Limit), Budget);
        a.AluStore(Arithmetic.Add, true, Field(Beyond), Budget);
        a.Alu(Arithmetic.Xor, false, Budget, Budget);
        a.Jump(goOn);
    }

    /// <summary>An exception cannot pass the translated code that has called this: the core throws it again when that has been left.</summary>
    [UnmanagedCallersOnly]
    private static int Execute(CpuState* s, Insn* i)
    {
        try
        {
            return i->Handler(s, i);
        }
        catch (Exception exception)
        {
            Core.Of(s).HandlerFailed(exception);
            return Status.Leave;
        }
    }

    private static void Spill(Assembler a)
    {
        foreach ((int slot, Register host) in Mapped)
            a.Store(8, Home(slot), host);
    }

    private static void Reload(Assembler a)
    {
        foreach ((int slot, Register host) in Mapped)
            a.Load(8, host, Home(slot));
    }

    /// <summary>NZCV from the host's form, in which CF is the complement of C. Changes RCX and RDX.</summary>
    private static void ToNzcv(Assembler a)
    {
        a.Load(2, Register.Rcx, Field(HostFlags));
        a.AluImmediate(Arithmetic.Xor, false, Register.Rcx, 0x100);
        // N, Z from 15, 14; C from 8; V from 0.
        a.Mov(false, Register.Rdx, Register.Rcx);
        a.AluImmediate(Arithmetic.And, false, Register.Rdx, 0xC000);
        a.ShiftImmediate(Shift.Shl, false, Register.Rdx, 16);
        a.Store(4, Field(Nzcv), Register.Rdx);
        a.Mov(false, Register.Rdx, Register.Rcx);
        a.AluImmediate(Arithmetic.And, false, Register.Rdx, 0x100);
        a.ShiftImmediate(Shift.Shl, false, Register.Rdx, 21);
        a.AluImmediate(Arithmetic.And, false, Register.Rcx, 1);
        a.ShiftImmediate(Shift.Shl, false, Register.Rcx, 28);
        a.Alu(Arithmetic.Or, false, Register.Rdx, Register.Rcx);
        a.AluStore(Arithmetic.Or, false, Field(Nzcv), Register.Rdx);
    }

    /// <summary>The host's form from NZCV. Changes RCX and RDX.</summary>
    private static void FromNzcv(Assembler a)
    {
        a.Load(4, Register.Rcx, Field(Nzcv));
        a.Mov(false, Register.Rdx, Register.Rcx);
        a.ShiftImmediate(Shift.Shr, false, Register.Rdx, 21);
        a.AluImmediate(Arithmetic.And, false, Register.Rdx, 0x100);
        a.AluImmediate(Arithmetic.Xor, false, Register.Rdx, 0x100);
        a.ShiftImmediate(Shift.Shr, false, Register.Rcx, 16);
        a.AluImmediate(Arithmetic.And, false, Register.Rcx, 0xC000);
        a.Alu(Arithmetic.Or, false, Register.Rdx, Register.Rcx);
        a.Load(4, Register.Rcx, Field(Nzcv));
        a.ShiftImmediate(Shift.Shr, false, Register.Rcx, 28);
        a.AluImmediate(Arithmetic.And, false, Register.Rcx, 1);
        a.Alu(Arithmetic.Or, false, Register.Rdx, Register.Rcx);
        a.Store(2, Field(HostFlags), Register.Rdx);
    }
}
