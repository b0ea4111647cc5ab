using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <content>
/// NZCV. An instruction that sets it leaves it in the host's flags, for those right after it. When something could see it later (anything that may
/// leave, another block, a reader after the host's flags are gone), it can be computed again from a <see cref="FlagSource"/>, or is stored as well (LAHF, SETO).
/// </content>
internal sealed unsafe partial class UnitEmitter
{
    /// <summary>The host's flags hold the guest's now. To be called after results are in their places: it may change RAX.</summary>
    /// <param name="form">In which form.</param>
    /// <param name="source">From what they can be computed again, after the instruction.</param>
    public void SetFlags(FlagsForm form, FlagSource source = default)
    {
        Flags = form;
        flagsInMemory = false;
        flagSource = source;
        if (AreSeenAfter(index, intact: true) && (source.IsNone || Decide(MustBeStored(source))))
            EmitStoreFlags();
    }

    private void EmitStoreFlags()
    {
        if (Flags == FlagsForm.Addition)
            A.ComplementCarry();
        Flags = FlagsForm.Subtraction;
        A.LoadFlagsToAh();
        A.Set(HostCondition.Overflow, Register.Rax);
        A.Store(2, Field(HostFlags), Register.Rax);
        flagsInMemory = true;
    }

    /// <summary>What the host's flags hold of the guest's is used after the current instruction, if that keeps them.</summary>
    public bool AreHostFlagsWanted()
    {
        for (int n = index + 1; Flags != FlagsForm.None && n < unit.Length && unit.IsReached[n] && !unit.IsBlockStart(n); n++)
        {
            Traits traits = unit.Translations[n].Traits;
            if ((traits & Traits.ReadsFlags) != 0)
                return true;
            if ((traits & Traits.KeepsHostFlags) == 0)
                return false;
        }
        return false;
    }

    /// <summary>The flags were written to memory by the instruction itself.</summary>
    public void SetFlagsInMemory()
    {
        AssumeFlags(default);
    }

    /// <summary>The host's flags are about to change.</summary>
    public void ClobberFlags() => Flags = FlagsForm.None;

    /// <summary>The host condition for a guest one (not AL or NV). May change RAX; the host's flags are the guest's after it.</summary>
    public HostCondition Condition(uint condition)
    {
        if (Flags == FlagsForm.None)
            LoadFlags();
        bool carryIsComplement = Flags == FlagsForm.Subtraction;
        if (condition >> 1 == 0b100 && !carryIsComplement)
        {
            A.ComplementCarry();
            Flags = FlagsForm.Subtraction;
            carryIsComplement = true;
        }
        HostCondition holds = (condition >> 1) switch
        {
            0b000 => HostCondition.Equal,
            0b001 => carryIsComplement ? HostCondition.AboveOrEqual : HostCondition.Below,
            0b010 => HostCondition.Sign,
            0b011 => HostCondition.Overflow,
            0b100 => HostCondition.Above,
            0b101 => HostCondition.GreaterOrEqual,
            0b110 => HostCondition.Greater,
            _ => throw new InvalidOperationException("AL is no condition to test."),
        };
        return (HostCondition)((uint)holds ^ (condition & 1));
    }

    /// <summary>Makes CF the guest's C. May change RAX.</summary>
    public void LoadCarry(bool complement)
    {
        if (Flags == FlagsForm.None)
            LoadFlags();
        if (Flags == FlagsForm.Subtraction != complement)
            A.ComplementCarry();
        ClobberFlags();
    }

    /// <summary>The host's flags from where they are; changes RAX.</summary>
    private void LoadFlags()
    {
        if (!flagSource.IsNone)
        {
            ComputeFlags();
            return;
        }
        RequireFlags();
        A.Load(2, Register.Rax, Field(HostFlags));
        RestoreFlagsFromRax();
        Flags = FlagsForm.Subtraction;
    }

    /// <summary>OF from AL, which is 0 or 1; the others from AH.</summary>
    public void RestoreFlagsFromRax()
    {
        A.AddAl(0x7F);
        A.StoreAhToFlags();
    }

    /// <summary>Something after an instruction sees the flags that there were; not by the host's flags as long as they are <paramref name="intact"/>.</summary>
    private bool AreSeenAfter(int instruction, bool intact)
    {
        for (int n = instruction + 1; n < unit.Length; n++)
        {
            Traits traits = unit.Translations[n].Traits;
            if (unit.IsBlockStart(n) || !unit.IsReached[n] || (traits & (Traits.MayLeave | Traits.DirectBranch | Traits.EndsPath)) != 0)
                return true;
            if ((traits & Traits.ReadsFlags) != 0 && !intact)
                return true;
            if ((traits & Traits.WritesFlags) != 0)
                return false;
            if ((traits & Traits.KeepsHostFlags) == 0)
                intact = false;
        }
        return true;
    }
}
