using Meanwhile.Memory;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Source;

/// <summary>What a <see cref="SourceSession"/> needs of the machine that leaves. Called from any thread, one call at a time, never under a lock.</summary>
public interface IOutgoingMachine
{
    /// <summary>Board, devices and core, as the destination compares them (at most <see cref="Protocol.LongestDescription"/> bytes).</summary>
    byte[] Describe();

    /// <summary>
    /// Stops the guest at an instruction boundary and lets device work end, so that RAM and state are final; then calls
    /// <paramref name="done"/> once, inline or later, with null or with why it cannot.
    /// </summary>
    void Quiesce(Action<string?> done);

    /// <summary>State of devices, vCPUs and clock, of the quiesced machine.</summary>
    byte[] Save();

    /// <summary>Undoes <see cref="Quiesce"/>: the guest goes on here.</summary>
    void Continue();

    /// <summary>Takes so many percent of their time from the vCPUs; 0: none.</summary>
    void Throttle(int percent);

    /// <summary>The guest runs elsewhere from now on, and never again here. Its memory is still read.</summary>
    void Left();
}

/// <summary>What a <see cref="SourceSession"/> needs of the RAM that leaves. Called from any thread, never under a lock.</summary>
public interface IOutgoingMemory
{
    /// <summary>Pages of RAM.</summary>
    long PageCount { get; }

    /// <summary>From now on writes are noted.</summary>
    void StartDirtyLog();

    /// <summary>Writes are no longer noted.</summary>
    void StopDirtyLog();

    /// <summary>
    /// Adds to <paramref name="into"/> the pages written since the last call, or since <see cref="StartDirtyLog"/>, then calls
    /// <paramref name="done"/> once, inline or later. A write after that is in the next call's. With the machine quiesced: all that was written.
    /// </summary>
    void CollectDirty(PageBitmap into, Action done);

    /// <summary>Adds the pages that are known to be zero without looking at them (never touched). May add none.</summary>
    void AddKnownZero(PageBitmap into);

    /// <summary>
    /// Begins to note which pages the guest uses, or a further window of that. False: this cannot be told, and nothing follows.
    /// </summary>
    bool TrackWorkingSet();

    /// <summary>
    /// Pages used in those windows, the most important to have at once first: those for which no task of the guest can wait. A bounded number.
    /// </summary>
    long[] WorkingSet();

    /// <summary>
    /// Names of translated code in those pages, in order of addresses, for a destination that translates it before the guest is there; none where nothing is
    /// translated, or time is not spent on it. The most used, and at most <see cref="Protocol.MostCode"/>.
    /// </summary>
    ulong[] WorkingSetCode();

    /// <summary>Stops that, and forgets the pages. No effect when it has not begun.</summary>
    void ForgetWorkingSet();

    /// <summary>
    /// Fills in the content of the batch's pages, or that it is zero, wherever it is; then calls <paramref name="done"/> once, inline or
    /// later, with null or what went wrong. The guest may be writing to them: then they are in the dirty log, and what is read matters not.
    /// </summary>
    void ReadPages(PageBatch batch, Action<string?> done);
}
