using System.Diagnostics;
using System.Globalization;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Migration.Bench;

/// <summary>Both sessions with their threads and loopback sockets, while another thread wants pages as a guest would.</summary>
internal static class OverSockets
{
    public static string Run(BenchPair pair, int requestsPerSecond)
    {
        using var incoming = new IncomingMigration(pair.Destination, MigrationAddress.Parse("tcp:127.0.0.1:0"));
        using var outgoing = new OutgoingMigration(pair.Source, incoming.Address);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        outgoing.Start();
        pair.Source.StartPostCopy();
        pair.HasRun.Wait();
        long start = Stopwatch.GetTimestamp();
        var latencies = new List<double>();
        var random = new Random(2);
        using var ready = new ManualResetEventSlim();
        var threads = new Dictionary<string, double>();
        while (pair.Destination.Status().Phase != MigrationPhase.Completed)
        {
            if (pair.Source.Status() is { Phase: MigrationPhase.Failed or MigrationPhase.PostCopyPaused, Error: var error })
                throw new InvalidOperationException(error);
            if (requestsPerSecond == 0)
            {
                Thread.Sleep(1);
            }
            else
            {
                long page = random.NextInt64(pair.Pages);
                if (pair.Ram.IsInOrigin(page))
                {
                    ready.Reset();
                    long asked = Stopwatch.GetTimestamp();
                    pair.Ram.Request(page, ready.Set);
                    ready.Wait();
                    latencies.Add(Stopwatch.GetElapsedTime(asked).TotalMicroseconds);
                }
                Thread.Sleep(TimeSpan.FromMilliseconds(1000.0 / requestsPerSecond));
            }
            AddThreads(threads);
        }
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        TimeSpan used = Environment.CpuUsage.TotalTime - before;
        MigrationStatus status = pair.Source.Status();
        latencies.Sort();
        string latency = latencies.Count == 0 ? "" :
            $", {latencies.Count} requests: median {At(latencies, 0.5)}, 99 % {At(latencies, 0.99)}, longest {At(latencies, 1)} µs";
        return $"sockets: {pair.Pages / seconds:N0} pages/s ({status.TotalTime / 1e6:F0} ms in all), {used.TotalSeconds * 1e9 / pair.Pages:F0} ns of CPU a page{latency}{(pair.IsEqual() ? "" : ", WRONG DATA")}"
            + string.Concat(threads.OrderByDescending(t => t.Value).Take(4).Select(t => $"\n    {t.Key}: {t.Value / pair.Pages * 1e9:F0} ns a page"));
    }

    private static string At(List<double> sorted, double quantile) => sorted[(int)((sorted.Count - 1) * quantile)].ToString("F0", CultureInfo.InvariantCulture);

    // Field 1 of /proc/PID/task/TID/schedstat is the time that the thread ran, in nanoseconds.
    private static void AddThreads(Dictionary<string, double> threads)
    {
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                string name = File.ReadAllText(task + "/comm").Trim();
                if (name.StartsWith("migration", StringComparison.Ordinal))
                    threads[$"{name} {Path.GetFileName(task)}"] = double.Parse(File.ReadAllText(task + "/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1e9;
            }
            catch (IOException)
            {
                // It has ended.
            }
        }
    }
}
