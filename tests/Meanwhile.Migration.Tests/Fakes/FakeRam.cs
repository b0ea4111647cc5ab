using Meanwhile.Memory;
using Meanwhile.Migration.Destination;
using Meanwhile.Migration.Source;

namespace Meanwhile.Migration.Tests.Fakes;

/// <summary>RAM of a few pages, as source and as destination; answers inline, or later when a latency is set. Thread safe.</summary>
internal sealed class FakeRam(string name, int pageCount, IMemoryClock clock) : IOutgoingMemory, IIncomingMemory
{
    private readonly byte[][] pages = [.. Enumerable.Range(0, pageCount).Select(_ => new byte[4096])];
    private readonly bool[] absent = new bool[pageCount];
    private readonly bool[] touched = new bool[pageCount];
    private readonly object gate = new();
    private const int LeastUsed = 200; // Kept for tests, also when nothing is told.

    private readonly List<long> used = []; // Last last.
    private PageBitmap? log;
    private int held;

    public string Name => name;

    public long PageCount => pageCount;

    /// <summary>Nanoseconds that reading pages and collecting the log take; 0: inline.</summary>
    public long Latency { get; init; }

    /// <summary>Pages that nobody waits for, which can be taken before there is no room; they are worked off one each 100 microseconds.</summary>
    public int Room { get; init; } = int.MaxValue;

    /// <summary>So many pages used last are the working set; 0: it cannot be told.</summary>
    public int WorkingSetSize { get; init; }

    public int CodeSize { get; init; }

    /// <summary>Working sets are being noted.</summary>
    public bool IsTracking { get; private set; }

    /// <summary>Reads fail with this.</summary>
    public string? ReadError { get; set; }

    /// <summary>Pages cannot be put in place.</summary>
    public string? SettleError { get; set; }

    public bool IsLogging => log is not null;

    /// <summary>Arrivals of pages that were not absent.</summary>
    public int Unwanted { get; private set; }

    public event Action<long>? Wanted;

    public event Action? RoomMade;

    public bool HasRoom
    {
        get
        {
            lock (gate)
                return held < Room;
        }
    }

    public Span<byte> Page(int page) => pages[page];

    public bool IsPresent(int page)
    {
        lock (gate)
            return !absent[page];
    }

    public void Want(int page) => Wanted?.Invoke(page);

    public void Wrote(int page)
    {
        lock (gate)
        {
            touched[page] = true;
            log?.Add(page);
        }
    }

    public void StartDirtyLog()
    {
        lock (gate)
            log = new PageBitmap(pageCount);
    }

    public void StopDirtyLog()
    {
        lock (gate)
            log = null;
    }

    public void CollectDirty(PageBitmap into, Action done)
    {
        Later(() =>
        {
            lock (gate)
            {
                if (log is not null)
                {
                    into.UnionWith(log);
                    log.Clear();
                }
            }
            done();
        });
    }

    public void AddKnownZero(PageBitmap into)
    {
        lock (gate)
        {
            for (int page = 0; page < pageCount; page++)
            {
                if (!touched[page])
                    into.Add(page);
            }
        }
    }

    public bool TrackWorkingSet() => IsTracking = WorkingSetSize != 0;

    public long[] WorkingSet()
    {
        lock (gate)
            return IsTracking ? LastUsed(WorkingSetSize) : [];
    }

    /// <summary>Names of so much code, of the pages of the working set in turn; each names its page in its upper bits.</summary>
    public ulong[] WorkingSetCode()
    {
        long[] pages = WorkingSet();
        return pages.Length == 0 ? [] : [.. Enumerable.Range(0, CodeSize).Select(n => ((ulong)pages[n % pages.Length] << 32) | (uint)n)];
    }

    public void ForgetWorkingSet() => IsTracking = false;

    /// <summary>The guest uses a page.</summary>
    public void Used(long page)
    {
        lock (gate)
        {
            used.Remove(page);
            used.Add(page);
            if (used.Count > Math.Max(WorkingSetSize, LeastUsed))
                used.RemoveAt(0);
        }
    }

    /// <summary>The pages used last, last first.</summary>
    public long[] LastUsed(int most)
    {
        lock (gate)
            return [.. used.AsEnumerable().Reverse().Take(most)];
    }

    public void ReadPages(PageBatch batch, Action<string?> done)
    {
        Later(() =>
        {
            lock (gate)
            {
                for (int i = 0; i < batch.Count; i++)
                {
                    byte[] page = pages[batch.Page(i)];
                    if (page.AsSpan().ContainsAnyExcept((byte)0))
                        page.CopyTo(batch.Content(i));
                    else
                        batch.SetZero(i);
                }
            }
            done(ReadError);
        });
    }

    public void Write(long page, ReadOnlySpan<byte> content)
    {
        lock (gate)
            content.CopyTo(pages[page]);
        Hold(1);
    }

    public void Discard(long first, long count)
    {
        lock (gate)
        {
            for (long page = first; page < first + count; page++)
                Array.Clear(pages[page]);
        }
    }

    public void MarkAbsent(long first, long count)
    {
        lock (gate)
        {
            for (long page = first; page < first + count; page++)
            {
                absent[page] = true;
                Array.Fill(pages[page], (byte)0xEE);
            }
        }
    }

    public void WhenSettled(Action<string?> settled) => Later(() => settled(SettleError));

    public void PagesArrived(ReadOnlySpan<long> arrived, ReadOnlySpan<byte> content)
    {
        for (int i = 0; i < arrived.Length; i++)
            PageArrived(arrived[i], content.Slice(i * 4096, 4096));
    }

    private void PageArrived(long page, ReadOnlySpan<byte> content)
    {
        lock (gate)
        {
            if (!absent[page])
            {
                Unwanted++;
                return;
            }
            content.CopyTo(pages[page]);
            absent[page] = false;
        }
        Hold(1);
    }

    public void ZeroPageArrived(long page)
    {
        lock (gate)
        {
            if (!absent[page])
            {
                Unwanted++;
                return;
            }
            Array.Clear(pages[page]);
            absent[page] = false;
        }
    }

    private void Hold(int count)
    {
        if (Room == int.MaxValue)
            return;
        lock (gate)
            held += count;
        clock.Schedule(100_000, () =>
        {
            lock (gate)
                held -= count;
            RoomMade?.Invoke();
        });
    }

    private void Later(Action action)
    {
        if (Latency == 0)
            action();
        else
            clock.Schedule(Latency, action);
    }
}
