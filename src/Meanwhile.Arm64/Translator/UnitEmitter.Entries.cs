using System.Runtime.InteropServices;
using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator;

/// <content>
/// In which state of the flags blocks are entered: stored, or computed from a <see cref="FlagSource"/>. A block's code is made for one state. A jump in
/// another state leads to an entry of its own, out of line, which repeats the block up to where it sets flags; from there on all is the same. A
/// block that is a loop by itself is repeated as a whole, and comes round in its copy.
/// </content>
internal sealed unsafe partial class UnitEmitter
{
    /// <summary>Most instructions that are repeated.</summary>
    private const int MaxRepeated = 24;

    /// <summary>Bounds what a unit grows by.</summary>
    private const int MaxEntries = 16;

    private readonly FlagSource[] entryStates = new FlagSource[Unit.MaxLength + 1];
    private readonly FlagSource[] branchStates = new FlagSource[Unit.MaxLength + 1];
    private readonly (nint Address, FlagsForm Form, FlagSource State)[] afterWriters = new (nint, FlagsForm, FlagSource)[Unit.MaxLength];
    private readonly bool?[] decisions = new bool?[Unit.MaxLength];
    private readonly List<Entry> entries = [];
    private int entriesGranted;

    private void ClearEntries()
    {
        entries.Clear();
        entriesGranted = 0;
        Array.Clear(branchStates, 0, unit.Length + 1);
        Array.Clear(decisions, 0, unit.Length);
    }

    /// <summary>At a block's start: the state that it is entered in. Stores the flags where it cannot be that of the path that falls in.</summary>
    private void EnterBlock(bool falls)
    {
        if (!falls)
        {
            AssumeFlags(index != 0 && !unit.IsLoopHead(index) ? branchStates[index] : default);
        }
        else if (unit.BranchesTo(index) != 0 || index == 0)
        {
            if (!FlagState.IsNone && (unit.IsLoopHead(index) || !Grants(index)))
                StoreFlags();
            AssumeFlags(FlagState);
        }
        RequireFlags();
        entryStates[index] = FlagState;
    }

    /// <summary>The current instruction may branch to a block of the unit: stores the flags unless that takes them as they are.</summary>
    private void PrepareBranch(int target)
    {
        if (!flagsInMemory && Decide(!IsOnlyWayTo(target) && !(labels[target] != 0 && entryStates[target] == flagSource) && !Grants(target)))
            StoreFlags();
        if (labels[target] == 0 && branchStates[target].IsNone)
            branchStates[target] = FlagState;
    }

    /// <summary>Whether the current instruction's flags are stored: where it is repeated, as the first time, since the code after it is for that.</summary>
    private bool Decide(bool store)
    {
        ref bool? decision = ref decisions[index];
        return decision ??= store;
    }

    private bool Grants(int target) => entriesGranted < MaxEntries && Accepts(target, flagSource) && entriesGranted++ >= 0;

    /// <summary>The flags need not be stored for a branch.</summary>
    private bool CanTake(int target, FlagSource state) => IsOnlyWayTo(target) || Accepts(target, state);

    /// <summary>A branch that comes later is the only way to a block.</summary>
    private bool IsOnlyWayTo(int target) =>
        labels[target] == 0 && target > index && unit.BranchesTo(target) == 1 && !unit.FallsInto(target);

    /// <summary>A block in a loop can be entered in a state of its own: the flags are overwritten soon, and until then never have to be stored in line.</summary>
    private bool Accepts(int target, FlagSource state)
    {
        if (!unit.Loops.Contain(target))
            return false;
        int writer = FirstWriter(target);
        for (int n = target; n < writer; n++)
        {
            FlagEffect effect = EffectOn(state, n);
            if (effect == FlagEffect.Ends)
                return false;
            if (effect == FlagEffect.Overwrites)
                return !AreSeenAfter(n, false);
        }
        return writer >= 0 && EffectOn(state, writer) != FlagEffect.Ends;
    }

    /// <summary>The first instruction of a block that sets the flags; negative when none does, or none soon.</summary>
    private int FirstWriter(int target)
    {
        int end = Math.Min(unit.Length, target + MaxRepeated);
        for (int n = target; n < end && unit.IsReached[n] && (n == target || !unit.IsBlockStart(n)); n++)
        {
            Traits traits = unit.Translations[n].Traits;
            if ((traits & Traits.WritesFlags) != 0)
                return n;
            if ((traits & (Traits.DirectBranch | Traits.EndsPath)) != 0)
                break;
        }
        return -1;
    }

    /// <summary>Jumps to a block of the unit, which has the current mapping.</summary>
    private void JumpToBlock(int target)
    {
        FlagSource state = FlagState;
        if (labels[target] != 0 && entryStates[target] == state)
            A.Jump(labels[target]);
        else
            pendingJumps.Add(((nint)A.JumpForward() + A.ExecutableOffset, target, state));
    }

    /// <summary>Jumps to a block of the unit, which has the current mapping, when the host condition holds.</summary>
    private void JumpToBlockIf(HostCondition condition, int target)
    {
        FlagSource state = FlagState;
        if (labels[target] != 0 && entryStates[target] == state)
            A.JumpIf(condition, labels[target]);
        else
            pendingJumps.Add(((nint)A.JumpForwardIf(condition) + A.ExecutableOffset, target, state));
    }

    /// <summary>Jumps to blocks that are in no code yet get their targets. Those in a state that no code is for: it is emitted later.</summary>
    private void BindJumps()
    {
        int left = 0;
        for (int n = 0; n < pendingJumps.Count; n++)
        {
            (nint site, int target, FlagSource state) = pendingJumps[n];
            nint label = entryStates[target] == state ? labels[target] : EntryFor(target, state);
            if (label != 0)
                A.Patch(site, label);
            else
                pendingJumps[left++] = pendingJumps[n];
        }
        CollectionsMarshal.SetCount(pendingJumps, left);
    }

    private nint EntryFor(int target, FlagSource state)
    {
        foreach (Entry known in entries)
        {
            if (known.Target == target && known.State == state)
                return known.Label;
        }
        int writer = FirstWriter(target);
        if (writer < 0)
            throw new InvalidOperationException($"A block is entered in two states of the flags, and sets none: {unit.Start + (target * sizeof(uint)):x3}.");
        var entry = new Entry(target, state);
        entries.Add(entry);
        deferred.Add((() => EmitEntry(entry, writer), target, state, Flags: FlagsForm.None));
        return 0;
    }

    private void EmitEntry(Entry entry, int writer)
    {
        entry.Label = A.Address;
        EmitBlockStart();
        int end = chargedUpTo;
        bool isLoop = end - entry.Target <= MaxRepeated && (unit.Translations[end - 1].Traits & Traits.DirectBranch) != 0
            && end - 1 + BranchTarget.Words(unit.Words[end - 1]) == entry.Target;
        for (; index < (isLoop ? end : writer + 1); index++)
        {
            if (A.IsFull)
                return;
            if (!TryEmitRun())
                EmitOne();
        }
        index--;
        if (!isLoop)
            JumpBehind(writer);
        else if ((unit.Translations[index].Traits & Traits.EndsPath) == 0)
            FallOutOfCopy(end);
    }

    /// <summary>From a loop's copy to what follows the loop, which was entered before by falling in from the loop itself.</summary>
    private void FallOutOfCopy(int next)
    {
        if (next == unit.Length || entryStates[next].IsNone)
            StoreFlags();
        JumpToOffset(unit.Start + (next * sizeof(uint)));
    }

    /// <summary>The current instruction was emitted in its block.</summary>
    private void NoteWriter(Traits traits)
    {
        if ((traits & Traits.WritesFlags) != 0)
            afterWriters[index] = (A.Address, Flags, flagsInMemory ? default : flagSource);
    }

    /// <summary>Goes on in a block behind an instruction that was repeated.</summary>
    private void JumpBehind(int writer)
    {
        (nint address, FlagsForm form, FlagSource state) = afterWriters[writer];
        if (form != Flags || state != (flagsInMemory ? default : flagSource))
            throw new InvalidOperationException($"An instruction was repeated in another way: {PageOffset:x3}.");
        A.Jump(address);
    }

    /// <summary>An entry of a block in a state that its code is not for.</summary>
    private sealed class Entry(int target, FlagSource state)
    {
        public int Target => target;

        public FlagSource State => state;

        public nint Label { get; set; }
    }
}
