using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <content>Guest memory that is accessed atomically: aligned RAM in the TLB, or the handler's business.</content>
internal sealed unsafe partial class UnitEmitter
{
    /// <summary>The handler raises the alignment fault when RAX is no multiple of <paramref name="size"/>.</summary>
    public void CheckAlignment(int size)
    {
        if (size == 1)
            return;
        A.TestByte(Register.Rax, (byte)(size - 1));
        SlowPathIf(HostCondition.NotEqual);
    }

    /// <summary>
    /// Looks the virtual address in RAX up for an atomic read-modify-write, as <see cref="Mmu.GuestAccess.HostForAtomic"/> does: RCX becomes the host
    /// address. Its alignment was checked. Changes RDX.
    /// </summary>
    public void LookUpForAtomic()
    {
        FindForAtomic();
        A.Load(8, Register.Rcx, FoundEntry(AddendOffset));
        A.Alu(Arithmetic.Add, true, Register.Rcx, Register.Rax);
    }

    /// <summary>As <see cref="LookUpForAtomic"/>, and RAX becomes the guest-physical address.</summary>
    public void LookUpForAtomicWithPhysical()
    {
        FindForAtomic();
        TakeHostAndPhysical();
    }

    /// <summary>As <see cref="LookUpForAtomicWithPhysical"/>, for reading alone.</summary>
    public void LookUpForReadWithPhysical()
    {
        FindEntry(Register.Rax, 1, unprivileged: false);
        A.Alu(Arithmetic.Cmp, true, Register.Rdx, FoundEntry(ReadTagOffset));
        SlowPathIf(HostCondition.NotEqual);
        Count(DataTlbHits);
        TakeHostAndPhysical();
    }

    private void FindForAtomic()
    {
        // Aligned bytes cannot leave the page of the first.
        FindEntry(Register.Rax, 1, unprivileged: false);
        A.Alu(Arithmetic.Cmp, true, Register.Rdx, FoundEntry(WriteTagOffset));
        SlowPathIf(HostCondition.NotEqual);
        A.Alu(Arithmetic.Cmp, true, Register.Rdx, FoundEntry(ReadTagOffset));
        SlowPathIf(HostCondition.NotEqual);
        Count(DataTlbHits);
    }

    /// <summary>From the entry at RCX and the virtual address in RAX: RCX is the host address, RAX the guest-physical one.</summary>
    private void TakeHostAndPhysical()
    {
        A.Load(8, Register.Rdx, FoundEntry(PhysicalPageOffset));
        A.Load(8, Register.Rcx, FoundEntry(AddendOffset));
        A.Alu(Arithmetic.Add, true, Register.Rcx, Register.Rax);
        A.AluImmediate(Arithmetic.And, true, Register.Rdx, -PageSize);
        A.AluImmediate(Arithmetic.And, false, Register.Rax, PageSize - 1);
        A.Alu(Arithmetic.Or, true, Register.Rax, Register.Rdx);
    }

    /// <summary>Makes the low <paramref name="size"/> bytes of a host register a slot's value.</summary>
    public void CommitExtended(int size, int slot, Register from)
    {
        if (slot == CpuState.Sink)
            return;
        Register result = Destination(slot, from);
        if (size < 8 || result != from)
            A.ZeroExtend(size, result, from);
        Commit(slot, result);
    }

    /// <summary>
    /// LOCK CMPXCHG16B at the host address in RCX with slots as the new value. The expected value is loaded by <paramref name="loadExpected"/>
    /// into RDX:RAX, which become what memory held; ZF tells whether it was exchanged.
    /// </summary>
    public void CompareExchange16(Action loadExpected, int low, int high)
    {
        // X0's and X1's host registers stand in for the two that the instruction needs; their homes are free to hold them meanwhile.
        TryHost(0, out Register first);
        TryHost(1, out Register address);
        if (first != Register.Rbx)
            throw new InvalidOperationException("CMPXCHG16B needs RBX.");
        A.Store(8, Home(0), first);
        A.Store(8, Home(1), address);
        A.Mov(true, address, Register.Rcx);
        loadExpected();
        LoadSaved(Register.Rbx, low);
        LoadSaved(Register.Rcx, high);
        A.Lock();
        A.CompareExchange16(new Memory(address));
        A.Load(8, first, Home(0));
        A.Load(8, address, Home(1));
    }

    /// <summary>As <see cref="LoadTo"/>, while X0 and X1 are in their homes.</summary>
    public void LoadSaved(Register to, int slot)
    {
        if (slot is 0 or 1)
            A.Load(8, to, Home(slot));
        else
            LoadTo(to, slot);
    }
}
