using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <content>Ways from a unit to the next instruction's code.</content>
/// <remarks>
/// Within the unit: a jump. Within the page: a jump that first asks for its target to be looked up, and is then linked to it; what is
/// linked lives and dies with the page. To another page, or indirect: through the jump cache, in line so that the host predicts each by itself.
/// </remarks>
internal sealed unsafe partial class UnitEmitter
{
    private const int PageSize = 0x1000;

    private readonly byte[]?[] jumpLookUps = new byte[]?[2];

    private bool IsUpper => (Mode & UnitMode.UpperRange) != 0;

    /// <summary>Jumps to an offset from the page's start, which may lie outside of the page. All registers are in their places.</summary>
    /// <param name="offset">The offset.</param>
    /// <param name="pageInRax">RAX is the virtual address of the current page.</param>
    public void JumpToOffset(long offset, bool pageInRax = false)
    {
        if (unit.TryIndex(offset, out int target))
        {
            Exchange(mapping, unit.Loops.Mapping(target));
            JumpToBlock(target);
            return;
        }
        StoreFlags();
        if (offset is >= 0 and < PageSize)
        {
            ToCanonical();
            A.Align(sizeof(int), bias: 1);
            LinkLater(A.JumpForward(), (int)offset);
        }
        else
        {
            if (!pageInRax)
                A.Load(8, Register.Rax, Field(CodePageVa));
            AddToRax(offset);
            JumpToRax();
        }
    }

    /// <summary>Jumps to an offset from the page's start when the host condition holds. All registers are in their places; the host's flags stay.</summary>
    public void JumpToOffsetIf(HostCondition condition, long offset)
    {
        bool isWithin = unit.TryIndex(offset, out int target);
        if (mapping != (isWithin ? unit.Loops.Mapping(target) : RegisterMapping.Canonical) || (!isWithin && !FlagState.IsNone))
        {
            byte* leaves = A.JumpForwardIf(condition);
            DeferWithFlags(() =>
            {
                A.Bind(leaves);
                JumpToOffset(offset);
            });
        }
        else if (isWithin)
        {
            JumpToBlockIf(condition, target);
        }
        else if (offset is >= 0 and < PageSize)
        {
            A.Align(sizeof(int), bias: 2);
            LinkLater(A.JumpForwardIf(condition), (int)offset);
        }
        else
        {
            byte* taken = A.JumpForwardIf(condition);
            Defer(() =>
            {
                A.Bind(taken);
                A.Load(8, Register.Rax, Field(CodePageVa));
                AddToRax(offset);
                JumpToRax();
            });
        }
    }

    /// <summary>Jumps to the virtual address in RAX. All state is in its place.</summary>
    public void JumpToRax()
    {
        if (!flagsInMemory)
            throw new InvalidOperationException($"The flags are not stored at {PageOffset:x3}, where the unit is left.");
        ToCanonical();
        ref byte[]? code = ref jumpLookUps[IsUpper ? 1 : 0];
        if (code is null)
        {
            byte* start = A.At;
            EmitJumpLookUp();
            code = new ReadOnlySpan<byte>(start, (int)(A.At - start)).ToArray();
        }
        else
        {
            A.Copy(code);
        }
        Memory entry = new(State, Register.Rcx, JumpCache.EntryBits - 2, JumpCacheEntries);
        A.JumpIf(HostCondition.NotEqual, thunks.Lookup);
        A.Alu(Arithmetic.Cmp, true, Register.Rdx, entry.Plus(sizeof(ulong)));
        A.JumpIf(HostCondition.NotEqual, thunks.Lookup);
        A.AluImmediate(Arithmetic.And, true, Register.Rax, -PageSize);
        A.Store(8, Field(CodePageVa), Register.Rax);
        A.JumpTo(entry.Plus(2 * sizeof(ulong)));
    }

    /// <summary>Compares RAX with the address of its entry in the jump cache, whose index times 4 RCX is then; RDX is what its key must be.</summary>
    private void EmitJumpLookUp()
    {
        A.ZeroExtend(2, Register.Rcx, Register.Rax);
        A.Load(8, Register.Rdx, Field(JumpKey + (IsUpper ? sizeof(ulong) : 0)));
        A.Alu(Arithmetic.Cmp, true, Register.Rax, new Memory(State, Register.Rcx, JumpCache.EntryBits - 2, JumpCacheEntries));
    }

    /// <summary>RAX += a constant.</summary>
    public void AddToRax(long value)
    {
        if (value == (int)value)
        {
            A.AluImmediate(Arithmetic.Add, true, Register.Rax, (int)value);
            return;
        }
        A.MovImmediate(Register.Rcx, (ulong)value);
        A.Alu(Arithmetic.Add, true, Register.Rax, Register.Rcx);
    }

    private void LinkLater(byte* displacement, int offset)
    {
        nint site = (nint)displacement;
        Defer(() =>
        {
            A.Bind((byte*)site);
            A.MovImmediate(Register.Rax, (ulong)offset);
            A.LeaRip(Register.Rcx, site + A.ExecutableOffset);
            A.Jump(thunks.Link);
        });
    }
}
