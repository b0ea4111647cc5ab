using System.Diagnostics;
using System.Globalization;

namespace Meanwhile.Cli.Bench.Guests;

/// <summary>A moment of a guest's process, in seconds from the start of it.</summary>
/// <param name="Seconds">On the host's clock.</param>
/// <param name="CpuSeconds">What all its threads, and the children it has waited for, have used of the host's CPUs by then (10 ms fine).</param>
internal readonly record struct HostTime(double Seconds, double CpuSeconds)
{
    // Linux counts in USER_HZ there, which is 100 on every architecture that .NET runs on.
    private const int TicksPerSecond = 100;

    /// <summary>How fine CPU time is counted, in seconds.</summary>
    public const double CpuStep = 1.0 / TicksPerSecond;

    /// <summary>From an earlier moment to this one.</summary>
    public static HostTime operator -(HostTime left, HostTime right) => new(left.Seconds - right.Seconds, left.CpuSeconds - right.CpuSeconds);

    /// <summary>Now.</summary>
    /// <param name="process">The process.</param>
    /// <param name="started">Its start, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="last">The moment before, whose CPU time stands when the process has ended since.</param>
    public static HostTime Now(Process process, long started, HostTime last)
    {
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        try
        {
            return new HostTime(seconds, CpuTicks(File.ReadAllText($"/proc/{process.Id}/stat")) / (double)TicksPerSecond);
        }
        catch (IOException)
        {
            return new HostTime(seconds, last.CpuSeconds);
        }
    }

    /// <summary>utime, stime, cutime and cstime of a process, fields 14 to 17 (proc_pid_stat(5)); its name, the second, may have spaces.</summary>
    internal static long CpuTicks(string stat) =>
        stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[(14 - 3)..(18 - 3)].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
}
