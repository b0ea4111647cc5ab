using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator;

/// <content>
/// NZCV that is not stored but can be computed again: <see cref="flagSource"/> says from what. Out of line that is done before anything leaves. In line
/// it is avoided: an instruction whose flags will have to be stored in any case stores them at once.
/// </content>
internal sealed unsafe partial class UnitEmitter
{
    private FlagSource flagSource;

    /// <summary>What the flags are computed from at the current point where they are not in memory; none: they are.</summary>
    private FlagSource FlagState
    {
        get
        {
            RequireFlags();
            return flagsInMemory ? default : flagSource;
        }
    }

    /// <summary>At a point where something may leave: it can store the flags, or they are.</summary>
    private void RequireFlags()
    {
        if (!flagsInMemory && flagSource.IsNone)
            throw new InvalidOperationException($"The flags are lost at {PageOffset:x3}: the traits of an instruction before it are wrong.");
    }

    private void AssumeFlags(FlagSource state)
    {
        Flags = FlagsForm.None;
        flagSource = state;
        flagsInMemory = state.IsNone;
    }

    /// <summary>Puts the guest's flags where all can see them. Changes RAX; the host's flags are the guest's after it, unless nothing was to be done.</summary>
    private void StoreFlags()
    {
        if (flagsInMemory)
            return;
        if (Flags == FlagsForm.None)
            ComputeFlags();
        EmitStoreFlags();
    }

    /// <summary>Makes the host's flags the guest's again. Changes RAX.</summary>
    private void ComputeFlags()
    {
        RequireFlags();
        FlagSourceKind kind = flagSource.Kind;
        bool wide = flagSource.Wide;
        int left = flagSource.Left, right = flagSource.Right, immediate = flagSource.Immediate;
        Flags = FlagsForm.Addition;
        switch (kind)
        {
            case FlagSourceKind.Subtract:
                Flags = FlagsForm.Subtraction;
                if (right == FlagSource.Constant)
                    CompareImmediate(wide, left, immediate);
                else
                    Alu(Arithmetic.Cmp, wide, Read(left, Register.Rax), right);
                break;
            case FlagSourceKind.Result:
                CompareImmediate(wide, left, 0);
                break;
            case FlagSourceKind.And when right == FlagSource.Constant:
                A.TestImmediate(wide, Read(left, Register.Rax), immediate);
                break;
            case FlagSourceKind.Add or FlagSourceKind.And:
                LoadTo(Register.Rax, left);
                WithRight(kind == FlagSourceKind.Add ? Arithmetic.Add : Arithmetic.And);
                break;
            case FlagSourceKind.DifferenceOf:
                LoadTo(Register.Rax, left);
                WithRight(Arithmetic.Add);
                WithRight(Arithmetic.Cmp);
                Flags = FlagsForm.Subtraction;
                break;
            default:
                LoadTo(Register.Rax, left);
                WithRight(Arithmetic.Sub);
                WithRight(Arithmetic.Add);
                break;
        }

        void WithRight(Arithmetic op)
        {
            if (right == FlagSource.Constant)
                A.AluImmediate(op, wide, Register.Rax, immediate);
            else
                Alu(op, wide, Register.Rax, right);
        }
    }

    /// <summary>Before the current instruction: stores the flags when it, or what follows, could not.</summary>
    private void PrepareFlags(uint word, Translation translation)
    {
        if (flagSource.IsNone)
            return;
        switch (EffectOn(flagSource, index))
        {
            case FlagEffect.Ends:
                StoreFlags();
                flagSource = default;
                break;
            case FlagEffect.Overwrites:
                if (AreSeenAfter(index, Flags != FlagsForm.None && (translation.Traits & Traits.KeepsHostFlags) != 0))
                    StoreFlags();
                break;
            case FlagEffect.Branches when unit.TryIndex(PageOffset + ((long)BranchTarget.Words(word) * sizeof(uint)), out int target):
                PrepareBranch(target);
                break;
        }
    }

    /// <summary>The current instruction, which set no flags, was emitted.</summary>
    private void ForgetOverwritten(uint word, Traits traits)
    {
        if (!flagSource.IsNone && (traits & Traits.WritesFlags) == 0 && Overwrites(word, flagSource))
            flagSource = default;
    }

    private static bool Overwrites(uint word, FlagSource source) =>
        RegisterWrites.May(word, source.Left) || (source.Right != FlagSource.Constant && RegisterWrites.May(word, source.Right));

    /// <summary>What an instruction does to flags that are to be computed from <paramref name="source"/>.</summary>
    private FlagEffect EffectOn(FlagSource source, int n)
    {
        Translation translation = unit.Translations[n];
        uint word = unit.Words[n];
        if (translation.Emit == null || !RegisterWrites.IsKnown(word, translation.Traits))
            return FlagEffect.Ends;
        if ((translation.Traits & Traits.DirectBranch) != 0)
            return FlagEffect.Branches;
        return (translation.Traits & Traits.WritesFlags) == 0 && Overwrites(word, source) ? FlagEffect.Overwrites : FlagEffect.None;
    }

    /// <summary>The flags that the current instruction sets will have to be stored in line, sooner or later.</summary>
    private bool MustBeStored(FlagSource source)
    {
        for (int n = index + 1; n < unit.Length && unit.IsReached[n]; n++)
        {
            if (unit.IsBlockStart(n))
                return unit.BranchesTo(n) != 0 && (unit.IsLoopHead(n) || !Accepts(n, source));
            Traits traits = unit.Translations[n].Traits;
            switch (EffectOn(source, n))
            {
                case FlagEffect.Ends:
                    return true;
                case FlagEffect.Overwrites:
                    return AreSeenAfter(n, false);
                case FlagEffect.Branches:
                    bool isWithin = unit.TryIndex(unit.Start + ((long)(n + BranchTarget.Words(unit.Words[n])) * sizeof(uint)), out int target);
                    if (isWithin ? !CanTake(target, source) : (traits & Traits.EndsPath) != 0)
                        return true;
                    if ((traits & Traits.EndsPath) != 0)
                        return false;
                    break;
            }
            if ((traits & Traits.WritesFlags) != 0)
                return false;
        }
        return true;
    }

    private enum FlagEffect
    {
        None,

        /// <summary>They must be stored before it: it needs them, or what it changes is not known.</summary>
        Ends,

        /// <summary>They cannot be computed after it.</summary>
        Overwrites,

        /// <summary>A branch with a target in its word.</summary>
        Branches,
    }
}
