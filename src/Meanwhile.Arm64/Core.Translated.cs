using System.Runtime.ExceptionServices;
using Meanwhile.Arm64.Exceptions;
using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Arm64;

/// <content>The translator's loop: units of host code, from one to the next, until something needs to be looked at.</content>
public sealed unsafe partial class Core
{
    private readonly TranslationCache? translated;
    private readonly JumpCache jumpCache;
    private bool clearJumpCache;
    private int seenGeneration;
    private int isInTranslatedCode;
    private ExceptionDispatchInfo? handlerFailure;

    /// <summary>Where translated units are named for perf; null: nowhere.</summary>
    public PerfMap? PerfMap { get; set; }

    /// <summary>This PE is running translated code now. Any thread.</summary>
    internal bool IsInTranslatedCode => Volatile.Read(ref isInTranslatedCode) != 0;

    /// <summary>A handler that translated code called has thrown: a defect of the monitor.</summary>
    internal void HandlerFailed(Exception exception) => handlerFailure = ExceptionDispatchInfo.Capture(exception);

    internal void EnterTranslatedCode() => Interlocked.Exchange(ref isInTranslatedCode, 1);

    internal void LeaveTranslatedCode() => Volatile.Write(ref isInTranslatedCode, 0);

    /// <summary>Makes the PE leave translated code when its portion of the budget is spent, and look around. Any thread.</summary>
    internal void RequestAttention() => Interlocked.Or(ref State->Attention, (int)Attention.Interrupt);

    /// <summary>Executes translated code until <see cref="CpuState.InstructionsRetired"/> is <paramref name="limit"/> or something else stops it.</summary>
    private Stop ExecuteTranslated(TranslationCache cache, long limit)
    {
        CpuState* s = State;
        while (true)
        {
            long left = limit - s->InstructionsRetired;
            if (left <= 0)
                return Stop.Budget;
            int flushes = cache.Flushes;
            nint entry = FindUnit(cache);
            if (entry == 0)
                return Stop.Event;
            if (!cache.TryEnter(this, flushes))
                continue;
            s->Remaining = Math.Min(left, Thunks.BudgetPortion);
            s->Beyond = left - s->Remaining;
            s->Limit = limit - s->Beyond;
            // The code that Translate emitted, which keeps to the rules of Thunks.
            var reason = (ExitReason)cache.Thunks.Enter(s, entry);
            LeaveTranslatedCode();
            leavings[(int)reason]++;
            switch (reason)
            {
                case ExitReason.Lookup:
                    s->InstructionsRetired = s->Limit - s->Remaining;
                    if (s->LinkSite != 0)
                        LinkUnit(cache, s->LinkSite, flushes);
                    break;
                case ExitReason.Budget:
                    s->InstructionsRetired = s->Limit - s->Remaining;
                    if (s->Remaining <= 0)
                        return Stop.Budget;
                    return InterpretRest(s->Remaining);
                case ExitReason.Attention:
                    s->InstructionsRetired = s->Limit - s->Remaining;
                    return Stop.Attention;
                case ExitReason.Branch:
                    s->InstructionsRetired += s->ExitInsn + 1 - s->CountedUpTo;
                    break;
                default:
                    if (handlerFailure is { } failure)
                    {
                        handlerFailure = null;
                        failure.Throw();
                    }
                    return Leave(s->ExitInsn);
            }
            if (s->Attention != 0)
                return Stop.Attention;
        }
    }

    /// <summary>The last instructions of a budget, of which the next block has more.</summary>
    private Stop InterpretRest(long count)
    {
        Insn* i = FindInsn();
        return i is null ? Stop.Event : ExecuteSome(i, count);
    }

    /// <summary>The code for <see cref="CpuState.Pc"/>, translated as needed. 0: Pending is set, with PC unchanged.</summary>
    private nint FindUnit(TranslationCache cache)
    {
        CpuState* s = State;
        if (flushCode)
            FlushCode();
        if (clearJumpCache || seenGeneration != cache.Generation)
        {
            clearJumpCache = false;
            seenGeneration = cache.Generation;
            jumpCacheClears++;
            jumpCache.Clear();
        }
        ulong pc = s->Pc = BranchAddress(s->Pc);
        nint known = jumpCache.Find(pc, s->JumpKey[pc >> 55 & 1]);
        if (known != 0 && (s->Il | stepControl) == 0)
        {
            s->CodePageVa = pc & ~0xFFFUL;
            fetchPage = null;
            return known;
        }
        if ((pc & 3) != 0)
        {
            FetchException(ExceptionClass.PcAlignment, pc);
            return 0;
        }
        if (!TryTranslateFetch(pc, out ulong physicalPage, out byte* host))
            return 0;
        if (s->Il != 0)
        {
            FetchException(ExceptionClass.IllegalState, 0);
            return 0;
        }
        // After the fetch, which may have assigned contexts.
        SetJumpKeys();
        s->CodePageVa = pc & ~0xFFFUL;
        fetchPage = null;
        ulong physicalAddress = physicalPage | (pc & 0xFFF);
        UnitMode mode = CurrentUnitMode(pc);
        unitLookups++;
        nint entry;
        while ((entry = cache.FindOrTranslate(physicalAddress, host, mode, PerfMap, pc)) == 0)
        {
            cache.Empty(this);
            jumpCache.Clear();
        }
        WorkingSet?.AddCode(physicalAddress | (ulong)mode << TranslationCache.ModeShift);
        jumpCache.Enter(pc, s->JumpKey[pc >> 55 & 1], entry);
        return entry;
    }

    /// <summary>Makes the jump that asked for <see cref="CpuState.Pc"/> lead to its code, when both are still what they were.</summary>
    private void LinkUnit(TranslationCache cache, nint site, int flushes)
    {
        CpuState* s = State;
        ulong page = s->CodePageVa;
        int generation = cache.Generation;
        // Whatever has changed since it asked may have made it another page.
        if (flushCode || clearJumpCache || seenGeneration != generation || s->JumpKey[0] == JumpCache.NoKey)
            return;
        nint entry = FindUnit(cache);
        // A fault is found again by the loop: nothing was changed by looking.
        if (entry != 0 && s->CodePageVa == page && seenGeneration == generation)
        {
            linked++;
            cache.Link(site, entry, flushes);
        }
    }

    private UnitMode CurrentUnitMode(ulong pc) =>
        (State->El != 0 ? UnitMode.El1 : UnitMode.None)
        | (FpEnabled ? UnitMode.FpEnabled : UnitMode.None)
        | ((pc >> 55 & 1) != 0 ? UnitMode.UpperRange : UnitMode.None);

    /// <summary>The keys of jump cache entries: context, exception level and FP mode above the address bits.</summary>
    private void SetJumpKeys()
    {
        CpuState* s = State;
        if (s->JumpKey[0] != JumpCache.NoKey)
            return;
        ulong mode = (s->El != 0 ? 1UL << 12 : 0) | (FpEnabled ? 1UL << 13 : 0);
        s->JumpKey[0] = (s->TlbTag[0] | mode) << 48;
        s->JumpKey[1] = (s->TlbTag[1] | mode) << 48;
    }
}
