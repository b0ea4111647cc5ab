using System.Diagnostics;
using Meanwhile.Cli.Machines;
using Meanwhile.Memory;

namespace Meanwhile.Cli.Snapshots;

/// <summary>
/// Holds the guest while it is saved, and measures how long that is in all: for the moment that is saved, and afterwards whenever it writes to
/// more pages than this process has memory to keep copies of. Of one thread.
/// </summary>
/// <param name="machine">What holds the guest.</param>
/// <param name="mostCopies">Most pages that are kept while the guest runs.</param>
internal sealed class SnapshotHold(MachineHold machine, long mostCopies)
{
    private long since;
    private bool isHeld;

    /// <summary>How long the guest was held.</summary>
    public TimeSpan Total { get; private set; }

    /// <summary>Holds the guest. No effect when it is held for this.</summary>
    public void Hold()
    {
        if (isHeld)
            return;
        since = Stopwatch.GetTimestamp();
        isHeld = true;
        machine.Hold(HoldReasons.Snapshot);
    }

    /// <summary>Lets the guest go on, if nothing else holds it. No effect when it is not held for this.</summary>
    public void Release()
    {
        if (!isHeld)
            return;
        machine.Release(HoldReasons.Snapshot);
        isHeld = false;
        Total += Stopwatch.GetElapsedTime(since);
    }

    /// <summary>Holds the guest when there are too many copies, and lets it go on when half of them are written.</summary>
    public void Watch(CopyOnWriteImage image)
    {
        if (image.Copies >= mostCopies)
            Hold();
        else if (image.Copies <= mostCopies / 2)
            Release();
    }
}
