using Meanwhile.Memory;

namespace Meanwhile.Migration.Snapshots;

/// <summary>
/// Brings the pages of a lazily restored guest that nobody touched yet, in order, a few reads at a time, so that those that somebody
/// waits for find the file almost idle. Driven by the reads' own completions: it has no thread. Under a resident limit it ends when only the frames
/// that reclaim keeps free are left: to bring a page for nobody by sending another away helps nobody.
/// </summary>
public sealed class BackgroundFetch
{
    private readonly GuestRam ram;
    private readonly PageBitmap pages;
    private readonly Lock gate = new();
    private readonly int window;
    private readonly int cluster;
    private Action<bool>? ended;
    private long next;
    private int inFlight;
    private bool starting;
    private bool stopped;
    private bool limited;

    /// <param name="ram">Guest RAM, whose origin has the pages.</param>
    /// <param name="pages">Pages to bring; not changed meanwhile.</param>
    /// <param name="window">Most pages on their way.</param>
    /// <param name="cluster">Most pages of one read.</param>
    public BackgroundFetch(GuestRam ram, PageBitmap pages, int window = 64, int cluster = 16)
    {
        ArgumentNullException.ThrowIfNull(ram);
        ArgumentNullException.ThrowIfNull(pages);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cluster);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, cluster);
        this.ram = ram;
        this.pages = pages;
        this.window = window;
        this.cluster = cluster;
    }

    /// <summary>Pages that it brought.</summary>
    public long Fetched { get; private set; }

    /// <summary>
    /// Starts, once. <paramref name="completed"/> is called when it ends: true when no page is left to bring, false when the resident limit or
    /// <see cref="Stop"/> ended it. Inline when there is nothing to do; else on the thread of the last read's completion.
    /// </summary>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    public void Start(Action<bool> completed)
    {
        ArgumentNullException.ThrowIfNull(completed);
        lock (gate)
        {
            if (ended is not null)
                throw new InvalidOperationException("The background fetch was started before.");
            ended = completed;
        }
        Continue();
    }

    /// <summary>Starts no more reads. Those under way complete.</summary>
    public void Stop()
    {
        lock (gate)
            stopped = true;
    }

    private void Continue()
    {
        lock (gate)
        {
            // Whoever is in the loop below sees that there is room again.
            if (starting)
                return;
            starting = true;
        }
        while (TakeNext(out long first, out int count))
        {
            FetchOutcome outcome = ram.TryFetch(first, count, Arrived, out int started);
            NotStarted(first + started, count - started, outcome);
        }
    }

    // The pages are on their way from here on, so that those that arrive at once are not counted before.
    private bool TakeNext(out long first, out int count)
    {
        bool done;
        lock (gate)
        {
            if (!stopped && !limited && inFlight <= window - cluster)
            {
                first = pages.NextPage(next);
                count = (int)(Math.Min(pages.NextGap(first), first + cluster) - first);
                next = first + count;
                if (count > 0)
                {
                    inFlight += count;
                    return true;
                }
            }
            (first, count) = (-1, 0);
            starting = false;
            done = inFlight == 0 && (stopped || limited || next == pages.Count);
            // Only once: nothing is in flight and nothing will be started.
            starting = done;
        }
        if (done)
            ended!(!stopped && !limited);
        return false;
    }

    private void NotStarted(long rest, int count, FetchOutcome outcome)
    {
        lock (gate)
        {
            inFlight -= count;
            limited |= outcome == FetchOutcome.NoFrame;
            // The first is there already, or the first of the rest may be: who knows is asked again.
            if (count > 0)
                next = outcome == FetchOutcome.NotAbsent ? rest + 1 : rest;
        }
    }

    private void Arrived()
    {
        lock (gate)
        {
            inFlight--;
            Fetched++;
        }
        Continue();
    }
}
