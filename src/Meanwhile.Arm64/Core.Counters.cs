using Meanwhile.Arm64.Translator;

namespace Meanwhile.Arm64;

/// <content>Counters. None is counted in translated code itself, which they would slow down.</content>
public sealed partial class Core
{
    private readonly long[] leavings = new long[Enum.GetValues<ExitReason>().Length];
    private long linked;
    private long jumpCacheClears;
    private long unitLookups;
    private long fetchTlbFills;
    private long tlbFlushes;

    /// <summary>Entries made in the data TLBs.</summary>
    internal long DataTlbFills { get; private set; }

    /// <summary>What was counted so far; the translation cache's counts are those of all PEs that share it. Owner's thread, or after the last run.</summary>
    public IReadOnlyList<CoreCounter> Counters()
    {
        List<CoreCounter> all =
        [
            new("dataTlbFills", DataTlbFills),
            new("fetchTlbFills", fetchTlbFills),
            new("tlbFlushes", tlbFlushes),
        ];
        if (translated is not { } cache)
            return all;
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
