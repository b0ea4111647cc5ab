using System.Diagnostics;

namespace Meanwhile.Cli.Bench.Guests;

/// <summary>A moment of a guest's process, in seconds from the start of it.</summary>
/// <param name="Seconds">On the host's clock.</param>
/// <param name="CpuSeconds">What all its threads have used of the host's CPUs by then (10 ms fine).</param>
internal readonly record struct HostTime(double Seconds, double CpuSeconds)
{
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
            process.Refresh();
            return new HostTime(seconds, process.TotalProcessorTime.TotalSeconds);
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return new HostTime(seconds, last.CpuSeconds);
        }
    }
}
