using Meanwhile.Arm64.Translator;

namespace Meanwhile.Arm64;

/// <content>Counters. Translated code itself counts only when it was asked to, because that slows it down.</content>
public sealed unsafe partial class Core
{
    private readonly long[] leavings = new long[Enum.GetValues<ExitReason>().Length];
    private long linked;
    private long jumpCacheClears;
    private long unitLookups;
    private long dataTlbMisses;
    private long fetchTlbFills;
    private long tlbFlushes;

    /// <summary>
    /// Memory of the code cache, which a translator shares with all PEs of its machine. (What it lets the interpreter decode is not in it.)
    /// Valid until the last of them is disposed.
    /// </summary>
    public IReadOnlyList<HostRange> CodeRanges => translated?.HostRanges ?? [code.HostRange];

    /// <summary>Hits in data TLBs, blocks and handlers' instructions are counted in translated code too.</summary>
    public bool CountsEverything => translated is not { IsCounting: false };

    /// <summary>Entries made in the data TLBs.</summary>
    internal long DataTlbFills { get; private set; }

    /// <summary>What was counted so far; the translation cache's counts are those of all PEs that share it. Owner's thread, or after the last run.</summary>
    public IReadOnlyList<CoreCounter> Counters()
    {
        List<CoreCounter> all =
        [
            new("instructionsExecuted", State->InstructionsRetired),
            new("dataTlbMisses", dataTlbMisses),
            new("dataTlbFills", DataTlbFills),
            new("dataTlbEntries", TlbSize),
            new("fetchTlbFills", fetchTlbFills),
            new("tlbFlushes", tlbFlushes),
        ];
        if (CountsEverything)
            all.Add(new("dataTlbHits", State->DataTlbHits));
        if (translated is not { } cache)
            return all;
        if (CountsEverything)
        {
            all.Add(new("blocksExecuted", State->BlocksExecuted));
            all.Add(new("instructionsByHandlers", State->HandlerCalls));
        }
        all.Add(new("unitsTranslated", cache.UnitsTranslated));
        all.Add(new("instructionsTranslated", cache.InstructionsTranslated));
        all.Add(new("codeBytes", cache.CodeBytes));
        all.Add(new("cacheFlushes", cache.Flushes));
        all.Add(new("unitLookups", unitLookups));
        all.Add(new("jumpsLinked", linked));
        all.Add(new("jumpCacheClears", jumpCacheClears));
        foreach (ExitReason reason in Enum.GetValues<ExitReason>())
            all.Add(new("left" + reason, leavings[(int)reason]));
        return all;
    }
}
