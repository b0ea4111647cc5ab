using Meanwhile.Memory.Sources;

namespace Meanwhile.Memory.Tests;

/// <summary>Guest RAM on a clock that is not virtual: worker threads, vCPUs and devices at once, on a real swap file.</summary>
public sealed unsafe class GuestRamThreads_Tests : IDisposable
{
    private const int Page = GuestRam.PageSize;
    private const int Pages = 256;
    private const int Limit = 64;
    private const int Vcpus = 3;
    private const int Steps = 3000;

    private readonly string directory = Directory.CreateTempSubdirectory("meanwhile-swap").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData(0, Limit, false)]
    [InlineData(1000, Limit, false)]
    [InlineData(0, Limit, true)]
    [InlineData(1000, Limit, true)]
    [InlineData(0, Pages, true)]
    public void Threads_that_share_the_limit_each_find_what_they_wrote_and_a_copy_by_the_log_is_the_same(long latency, int limit, bool copied)
    {
        var clock = new ThreadedClock();
        var swap = new SwapFile(
            new SwapFileOptions { Path = Path.Combine(directory, "swap"), MaximumSize = Pages * Page, Latency = latency, Workers = 4 }, clock);
        using var ram = new GuestRam(new GuestRamOptions
        {
            Size = Pages * Page,
            ResidentLimit = limit * Page,
            SmallestLimit = Page,
            Store = swap,
            Clock = clock,
            ReclaimBatch = 16,
        });
        string? stalled = null;
        ram.Stalled += message => stalled = message;
        List<Exception> failures = [];
        List<Thread> threads = [];
        ulong[] written = new ulong[Pages];
        for (int i = 0; i < Vcpus; i++)
        {
            var vcpu = new ThreadedVcpu(ram, i, Vcpus + 1, written);
            ram.AddInvalidationListener(vcpu);
            threads.Add(new Thread(() => Guard(vcpu.Run, failures)));
        }
        threads.Add(new Thread(() => Guard(() => RunDevice(ram, written), failures)));
        var copy = new LoggedCopy(ram);
        if (copied)
            threads.Add(new Thread(() => Guard(() => copy.Run(threads[..(Vcpus + 1)]), failures)));
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            Assert.True(thread.Join(TimeSpan.FromMinutes(1)), "A thread waits for ever.");
        Assert.Empty(failures);
        Assert.Null(stalled);
        Assert.InRange(ram.Statistics().PeakResident, 1, limit);
        Assert.True(limit == Pages || ram.Statistics().Reads > 100);
        if (copied)
            Assert.Equal(written, copy.Content);
    }

    private static void Guard(Action run, List<Exception> failures)
    {
        try
        {
            run();
        }
        catch (Exception exception)
        {
            lock (failures)
                failures.Add(exception);
        }
    }

    // A device: pins a few of its pages, writes all of each, waits for its pins only.
    private static void RunDevice(GuestRam ram, ulong[] model)
    {
        var random = new Random(99);
        using var ready = new AutoResetEvent(false);
        for (ulong step = 1; step <= Steps / 4; step++)
        {
            // Its pages are those whose number is 3 modulo 4; a pin covers the neighbours too, which belong to vCPUs.
            int page = (random.Next(Pages / (Vcpus + 1)) * (Vcpus + 1)) + Vcpus;
            int count = Math.Min(random.Next(1, 5), Pages - page);
            ram.Pin((long)page * Page, (long)count * Page, write: true, () => ready.Set());
            ready.WaitOne();
            var content = new Span<ulong>(ram.HostAddress((long)page * Page), Page / sizeof(ulong));
            Assert.False(content.ContainsAnyExcept(model[page]));
            content.Fill(step);
            model[page] = step;
            ram.Unpin((long)page * Page, (long)count * Page);
        }
    }

    /// <summary>Copies RAM by the dirty log, round after round while others write it, and once more when they have ended.</summary>
    private sealed class LoggedCopy(GuestRam ram)
    {
        public ulong[] Content { get; } = new ulong[Pages];

        public void Run(List<Thread> writers)
        {
            ram.StartDirtyLog();
            bool last;
            do
            {
                last = writers.TrueForAll(static writer => !writer.IsAlive);
                CopyRound();
            }
            while (!last);
            ram.StopDirtyLog();
        }

        private void CopyRound()
        {
            var log = new PageBitmap(Pages);
            using var done = new AutoResetEvent(false);
            ram.CollectDirty(log, () => done.Set());
            Assert.True(done.WaitOne(TimeSpan.FromMinutes(1)), "A round never ends.");
            var reader = new PageReader(ram);
            for (long page = log.NextPage(0); page < Pages;)
            {
                List<long> batch = [];
                for (; page < Pages && batch.Count < 16; page = log.NextPage(page + 1))
                    batch.Add(page);
                string? failure = null;
                reader.Read(batch.ToArray(), error =>
                {
                    failure = error;
                    done.Set();
                });
                Assert.True(done.WaitOne(TimeSpan.FromMinutes(1)), "A read never ends.");
                Assert.Null(failure);
                for (int i = 0; i < reader.Count; i++)
                    Content[reader.Pages[i]] = reader.IsZero(i) ? 0 : BitConverter.ToUInt64(reader.Content(i)[^8..]);
            }
        }
    }

    /// <summary>A vCPU with a TLB of its own, which it flushes at block boundaries; only its thread touches the TLB.</summary>
    private sealed class ThreadedVcpu(GuestRam ram, int index, int stride, ulong[] model) : IInvalidationListener
    {
        private readonly Dictionary<long, (nint Host, bool Writable)> tlb = [];
        private readonly Lock gate = new();
        private readonly List<Action> requested = [];
        private readonly AutoResetEvent wakeup = new(false);
        private bool ended;

        public void RequestInvalidation(Action acknowledge)
        {
            lock (gate)
            {
                if (!ended)
                {
                    requested.Add(acknowledge);
                    wakeup.Set();
                    return;
                }
            }
            acknowledge();
        }

        public void Run()
        {
            var random = new Random(index);
            for (ulong step = 1; step <= Steps; step++)
            {
                BlockBoundary();
                long page = (random.Next(Pages / stride) * stride) + index;
                // Half of the accesses go to an eighth of the pages.
                if (random.Next(2) == 0)
                    page = (random.Next(Pages / stride / 8) * stride) + index;
                bool write = random.Next(3) == 0;
                var content = new Span<ulong>((void*)Translate(page, write), Page / sizeof(ulong));
                Assert.False(content.ContainsAnyExcept(model[page]));
                if (!write)
                    continue;
                content.Fill(step);
                model[page] = step;
            }
            lock (gate)
                ended = true;
            BlockBoundary();
        }

        private nint Translate(long page, bool write)
        {
            if (tlb.TryGetValue(page, out (nint Host, bool Writable) entry) && (entry.Writable || !write))
                return entry.Host;
            byte* host;
            bool writable;
            while (ram.Resolve(page * Page, write, out host, out writable) != GuestPageState.Resident)
            {
                bool ready = false;
                ram.Request(page, () =>
                {
                    Volatile.Write(ref ready, true);
                    wakeup.Set();
                });
                while (!Volatile.Read(ref ready))
                {
                    wakeup.WaitOne();
                    BlockBoundary();
                }
            }
            tlb[page] = ((nint)host, writable);
            return (nint)host;
        }

        private void BlockBoundary()
        {
            Action[] acknowledge;
            lock (gate)
            {
                if (requested.Count == 0)
                    return;
                acknowledge = [.. requested];
                requested.Clear();
            }
            tlb.Clear();
            foreach (Action action in acknowledge)
                action();
        }
    }
}
