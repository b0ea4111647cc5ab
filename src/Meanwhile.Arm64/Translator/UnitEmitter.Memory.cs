using Meanwhile.Arm64.Mmu;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <content>
/// Guest memory: the TLB lookup in line. Whatever it does not find (misses, devices, accesses that leave their page, alignment that is
/// checked) is the handler's, out of line.
/// </content>
internal sealed unsafe partial class UnitEmitter
{
    // Offsets in TlbEntry.
    private const int ReadTagOffset = 0, WriteTagOffset = 8, AddendOffset = 16, PhysicalPageOffset = 24;

    private const int MaxCopiedSize = 64;

    private readonly List<nint> slowPaths = [];
    private bool stackPointerChecked;
    private readonly (byte[] Code, int Jump)[] lookUps = new (byte[], int)[(MaxCopiedSize + 1) << 4];

    /// <summary>Where an access whose virtual address is in RAX finds its host memory: to be used right away.</summary>
    public static Memory Accessed => AccessedAt(Register.Rax);

    /// <summary>The same for an address that is in another register.</summary>
    public static Memory AccessedAt(Register address) => new(address, Register.Rcx, 0);

    /// <summary>Starts an instruction that accesses memory: nothing of the state may change before the last lookup of it.</summary>
    public void BeginAccess()
    {
        slowPaths.Clear();
        RequireFlags();
        ClobberFlags();
    }

    /// <summary>The handler takes over when the host condition holds.</summary>
    public void SlowPathIf(HostCondition condition) => slowPaths.Add((nint)A.JumpForwardIf(condition));

    /// <summary>The instruction is complete: emits its slow path, if any.</summary>
    public void EndAccess()
    {
        if (slowPaths.Count > 0)
            CallHandlerFrom(slowPaths.ToArray());
    }

    /// <summary>As the other one, for a virtual address in <paramref name="address"/>.</summary>
    public void LookUp(Register address, int size, bool write)
    {
        if (address == Register.Rax)
            LookUp(size, write);
        else
            slowPaths.Add(EmitLookUp(address, size, write, unprivileged: false));
    }

    /// <summary>
    /// Looks the virtual address in RAX up; RCX is then what is added to it. Changes RDX.
    /// </summary>
    /// <param name="size">Bytes, all of which must lie in one page.</param>
    /// <param name="write">For writing.</param>
    /// <param name="unprivileged">With EL0's permissions, and expected in the lower range.</param>
    public void LookUp(int size, bool write, bool unprivileged = false)
    {
        if (size > MaxCopiedSize)
        {
            slowPaths.Add(EmitLookUp(Register.Rax, size, write, unprivileged));
            return;
        }
        // The most frequent sequence of all, and always the same: copied once it has been made.
        int variant = size << 4 | ((Mode & UnitMode.El1) != 0 ? 8 : 0) | (write ? 4 : 0) | (unprivileged ? 2 : 0) | (IsUpper ? 1 : 0);
        (byte[] code, int jump) = lookUps[variant];
        if (code is null)
        {
            byte* start = A.At;
            jump = (int)((byte*)EmitLookUp(Register.Rax, size, write, unprivileged) - start);
            lookUps[variant] = (new ReadOnlySpan<byte>(start, (int)(A.At - start)).ToArray(), jump);
            slowPaths.Add((nint)(start + jump));
            return;
        }
        slowPaths.Add((nint)(A.At + jump));
        A.Copy(code);
    }

    /// <summary>Emits the lookup; the place of the slow path's displacement is returned.</summary>
    private nint EmitLookUp(Register address, int size, bool write, bool unprivileged)
    {
        FindEntry(address, size, unprivileged);
        A.Alu(Arithmetic.Cmp, true, Register.Rdx, FoundEntry(write ? WriteTagOffset : ReadTagOffset));
        byte* miss = A.JumpForwardIf(HostCondition.NotEqual);
        Count(DataTlbHits);
        A.Load(8, Register.Rcx, FoundEntry(AddendOffset));
        return (nint)miss;
    }

    /// <summary>A field of the entry that <see cref="FindEntry"/> found. EL0's TLB is at a fixed distance from the state; EL1 has one for each value of PAN.</summary>
    private Memory FoundEntry(int offset) =>
        (Mode & UnitMode.El1) == 0 ? new Memory(State, Register.Rcx, 0, UserTlbEntries + offset) : new Memory(Register.Rcx, offset);

    /// <summary><see cref="FoundEntry"/> is the TLB entry where the virtual address in a register would be, RDX the tag that its last byte needs.</summary>
    private void FindEntry(Register address, int size, bool unprivileged)
    {
        const int shift = 12 - TlbEntry.SizeBits;
        // The mask leaves nothing of the bits that a rotation brings to the top: it has fewer than 32 - shift.
        if (features.Bmi2)
        {
            A.RotateKeepingFlags(Register.Rcx, address, shift);
        }
        else
        {
            A.Mov(false, Register.Rcx, address);
            A.ShiftImmediate(Shift.Shr, false, Register.Rcx, shift);
        }
        A.Alu(Arithmetic.And, false, Register.Rcx, Field(TlbMask));
        if ((Mode & UnitMode.El1) != 0)
            A.Alu(Arithmetic.Add, true, Register.Rcx, Field(unprivileged ? UnprivilegedTlb : DataTlb));
        if (size > 1)
            A.Lea(true, Register.Rdx, new Memory(address, size - 1));
        else
            A.Mov(true, Register.Rdx, address);
        A.ShiftImmediate(Shift.Shr, true, Register.Rdx, 12);
        A.Alu(Arithmetic.Or, true, Register.Rdx, Field(DataTag + (IsUpper && !unprivileged ? sizeof(ulong) : 0)));
    }

    /// <summary>The register that has base + constant: the base's own, or RAX. With the check of SP's alignment.</summary>
    public Register AddressOf(int slot, long offset)
    {
        if (offset == 0 && TryHost(slot, out Register host))
        {
            CheckStackPointer(slot);
            return host;
        }
        AddressWithOffset(slot, offset);
        return Register.Rax;
    }

    /// <summary>RAX = base + constant, with the check of SP's alignment where it is the base.</summary>
    public void AddressWithOffset(int slot, long offset)
    {
        CheckStackPointer(slot);
        if (TryHost(slot, out Register host))
        {
            if (offset != 0)
                A.Lea(true, Register.Rax, new Memory(host, (int)offset));
            else
                A.Mov(true, Register.Rax, host);
            return;
        }
        A.Load(8, Register.Rax, Home(slot));
        if (offset != 0)
            A.AluImmediate(Arithmetic.Add, true, Register.Rax, (int)offset);
    }

    /// <summary>A misaligned SP is the handler's business: it knows whether that is checked. Once in a block is enough while SP moves by multiples of 16.</summary>
    public void CheckStackPointer(int slot)
    {
        if (slot != CpuState.Sp || stackPointerChecked)
            return;
        stackPointerChecked = true;
        A.TestByte(Read(slot, Register.Rax), 15);
        SlowPathIf(HostCondition.NotEqual);
    }

    /// <summary>The current instruction was emitted: SP may be misaligned again.</summary>
    private void ForgetStackPointerAfter(uint word, Traits traits)
    {
        if (!stackPointerChecked || (RegisterWrites.IsKnown(word, traits) && !RegisterWrites.May(word, CpuState.Sp)))
            return;
        bool keeps = IsAddition(word)
            ? Target(word) == CpuState.Sp && OrSp(word, 5) == CpuState.Sp && (Moves(word, CpuState.Sp) & 15) == 0
            : LoadStore.TryDescribe(word, out LoadStore.Access access) && access.Slot == CpuState.Sp && (access.Moves & 15) == 0;
        stackPointerChecked = keeps;
    }

    /// <summary>Writes RAX + offset back to a base register.</summary>
    public void WriteBack(int slot, long offset)
    {
        if (offset == 0)
        {
            Commit(slot, Register.Rax);
        }
        else if (TryHost(slot, out Register host))
        {
            A.Lea(true, host, new Memory(Register.Rax, (int)offset));
        }
        else
        {
            A.AluImmediate(Arithmetic.Add, true, Register.Rax, (int)offset);
            A.Store(8, Home(slot), Register.Rax);
        }
    }
}
