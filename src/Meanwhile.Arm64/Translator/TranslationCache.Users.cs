namespace Meanwhile.Arm64.Translator;

/// <content>The PEs that share the cache, and how they agree that its memory can be taken back.</content>
internal sealed unsafe partial class TranslationCache
{
    private Core[] users = [];
    private int isEmptying;

    /// <summary>The last PE has left: it cannot be used any more.</summary>
    public bool IsFree => arena is null;

    /// <summary>A PE begins to use it; before it runs.</summary>
    public void Join(Core core)
    {
        lock (gate)
            users = [.. users, core];
    }

    /// <summary>A PE ends to use it; it does not run any more. The last one frees it.</summary>
    public void Depart(Core core)
    {
        lock (gate)
        {
            users = Array.FindAll(users, user => user != core);
            if (users.Length == 0)
                Free();
        }
    }

    /// <summary>
    /// A PE is about to run a unit that it found when <see cref="Flushes"/> was <paramref name="flushesThen"/>. False: look it up again. After true,
    /// the PE says with <see cref="Core.IsInTranslatedCode"/> false that it came back.
    /// </summary>
    public bool TryEnter(Core core, int flushesThen)
    {
        // The exchange is a full barrier: either this sees that the cache is being emptied, or who empties it sees that the PE is in.
        core.EnterTranslatedCode();
        if (Volatile.Read(ref isEmptying) == 0 && Flushes == flushesThen)
            return true;
        core.LeaveTranslatedCode();
        WaitWhileEmptying(core);
        return false;
    }

    /// <summary>Forgets everything and takes the memory back, once no PE is in it. The caller's PE is not.</summary>
    public void Empty(Core core)
    {
        if (Interlocked.CompareExchange(ref isEmptying, 1, 0) != 0)
        {
            WaitWhileEmptying(core);
            return;
        }
        foreach (Core other in Volatile.Read(ref users))
        {
            while (other.IsInTranslatedCode)
            {
                other.RequestAttention();
                // It may wait, in a barrier, for this one to do some maintenance.
                core.PerformRequests();
                Thread.Yield();
            }
        }
        TakeBack();
        Volatile.Write(ref isEmptying, 0);
    }

    private void WaitWhileEmptying(Core core)
    {
        while (Volatile.Read(ref isEmptying) != 0)
        {
            core.PerformRequests();
            Thread.Yield();
        }
    }
}
