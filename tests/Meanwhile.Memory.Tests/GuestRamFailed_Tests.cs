using Meanwhile.Memory.Sources;

namespace Meanwhile.Memory.Tests;

/// <summary>A defect on a thread of the memory system is told to who listens; the process goes on.</summary>
public sealed class GuestRamFailed_Tests
{
    [Fact]
    public void A_step_of_reclaim_that_throws_is_told_on_its_thread()
    {
        const int Pages = 64, Limit = 16;
        using var ram = new GuestRam(new GuestRamOptions
        {
            Size = Pages * GuestRam.PageSize,
            ResidentLimit = Limit * GuestRam.PageSize,
            SmallestLimit = GuestRam.PageSize,
            Store = new ThrowingStore(),
            Clock = new ThreadedClock(),
        });
        using var told = new ManualResetEventSlim();
        Exception? failure = null;
        string? thread = null;
        ram.Failed += exception =>
        {
            failure = exception;
            thread = Thread.CurrentThread.Name;
            told.Set();
        };
        Dirty(ram, Limit);
        told.Wait();
        Assert.Equal("defect", failure!.Message);
        Assert.Equal("reclaim", thread);
    }

    private static unsafe void Dirty(GuestRam ram, int pages)
    {
        for (int page = 0; page < pages; page++)
        {
            // Resident until reclaim has taken it, which no listener has to agree to; then this stops.
            if (ram.Resolve((long)page * GuestRam.PageSize, write: true, out byte* host, out _) != GuestPageState.Resident)
                return;
            *(ulong*)host = 1;
        }
    }

    private sealed class ThrowingStore : IPageStore
    {
        public long SlotCount => 1024;

        public bool KeepsContent => true;

        public void Read(long location, ReadOnlySpan<nint> pages, Action<string?> completed) => throw new InvalidOperationException("defect");

        public void Write(long slot, ReadOnlySpan<nint> pages, Action<string?> completed) => throw new InvalidOperationException("defect");

        public void Dispose()
        {
        }
    }
}
