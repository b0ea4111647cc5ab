using System.Globalization;
using System.Text.Json;

namespace Meanwhile.Cli.Bench.Migration.Real;

/// <summary>The host's threads that a machine's vCPUs run on: how long they were ready to run and had no CPU of the host. On a quiet host that is nearly nothing.</summary>
internal static class VcpuThread
{
    private const double Nanosecond = 1e-9;

    /// <summary>Seconds that they have waited so far, all vCPUs together; null where the host does not count that.</summary>
    /// <param name="cpus">What <c>query-cpus-fast</c> answered.</param>
    public static double? Waited(JsonElement cpus)
    {
        if (cpus.ValueKind != JsonValueKind.Array)
            return null;
        double sum = 0;
        foreach (JsonElement cpu in cpus.EnumerateArray())
        {
            if (!cpu.TryGetProperty("thread-id", out JsonElement id) || !id.TryGetInt32(out int thread) || Read(thread) is not { } waited)
                return null;
            sum += waited;
        }
        return sum;
    }

    /// <summary>The second field of a thread's schedstat (Linux's Documentation/scheduler/sched-stats.rst): ns spent waiting on a run queue.</summary>
    internal static double? Parse(string schedstat) =>
        schedstat.Split(' ') is [_, var waited, ..] && long.TryParse(waited, NumberStyles.None, CultureInfo.InvariantCulture, out long nanoseconds)
            ? nanoseconds * Nanosecond
            : null;

    private static double? Read(int thread)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{thread}/schedstat"));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
