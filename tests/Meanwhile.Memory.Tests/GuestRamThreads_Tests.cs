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
    [InlineData(0)]
    [InlineData(1000)]
    public void Threads_that_share_the_limit_each_find_what_they_wrote(long latency)
    {
        var clock = new ThreadedClock();
        var swap = new SwapFile(
            new SwapFileOptions { Path = Path.Combine(directory, "swap"), MaximumSize = Pages * Page, Latency = latency, Workers = 4 }, clock);
        using var ram = new GuestRam(new GuestRamOptions
        {
            Size = Pages * Page,
            ResidentLimit = Limit * Page,
            SmallestLimit = Page,
            Store = swap,
            Clock = clock,
            ReclaimBatch = 16,
        });
        string? stalled = null;
        ram.Stalled += message => stalled = message;
        List<Exception> failures = [];
        List<Thread> threads = [];
        for (int i = 0; i < Vcpus; i++)
        {
            var vcpu = new ThreadedVcpu(ram, i, Vcpus + 1);
            ram.AddInvalidationListener(vcpu);
            threads.Add(new Thread(() => Guard(vcpu.Run, failures)));
        }
        threads.Add(new Thread(() => Guard(() => RunDevice(ram), failures)));
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            Assert.True(thread.Join(TimeSpan.FromMinutes(1)), "A thread waits for ever.");
        Assert.Empty(failures);
        Assert.Null(stalled);
        Assert.InRange(ram.Statistics().PeakResident, 1, Limit);
        Assert.True(ram.Statistics().Reads > 100);
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
    private static void RunDevice(GuestRam ram)
    {
        var random = new Random(99);
        ulong[] model = new ulong[Pages];
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

    /// <summary>A vCPU with a TLB of its own, which it flushes at block boundaries; only its thread touches the TLB.</summary>
    private sealed class ThreadedVcpu(GuestRam ram, int index, int stride) : IInvalidationListener
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
            ulong[] model = new ulong[Pages];
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
