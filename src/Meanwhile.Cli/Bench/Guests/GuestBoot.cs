using System.ComponentModel;
using System.Diagnostics;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Bench.Guests;

/// <summary>What came of one boot of a guest.</summary>
/// <param name="Times">Boot and workloads.</param>
/// <param name="CoreFeatures">What the guest's kernel says the core has.</param>
/// <param name="StartSeconds">From the start of the process to the guest's first process.</param>
internal sealed record GuestBootResult(IReadOnlyList<WorkloadTime> Times, string CoreFeatures, double StartSeconds);

/// <summary>Boots a guest once in a process of its own, and takes the times of what it runs from its console.</summary>
internal static class GuestBoot
{
    // Only so that a guest that hangs ends: much longer than any workload takes, even interpreted.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Runs it to its end.</summary>
    /// <param name="command">The whole command.</param>
    /// <param name="workloads">What the guest was told to run, and must have run.</param>
    /// <param name="progress">Told of each workload that ends.</param>
    /// <exception cref="UserError">The process or a workload failed, or nothing came for very long.</exception>
    public static GuestBootResult Run(IReadOnlyList<string> command, IEnumerable<Workload> workloads, Action<WorkloadTime> progress)
    {
        var marks = new ConsoleMarks();
        int told = 0;
        var lines = new ConsoleLines((line, time) =>
        {
            marks.Line(line, time);
            for (; told < marks.Times.Count; told++)
                progress(marks.Times[told]);
        });
        long started = Stopwatch.GetTimestamp();
        using Process process = Start(command);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        bool gaveUp = false;
        // A guest does not outlive the benchmark that is ended by a signal.
        EventHandler end = (_, _) => process.Kill(entireProcessTree: true);
        AppDomain.CurrentDomain.ProcessExit += end;
        try
        {
            using var watchdog = new Timer(_ =>
            {
                Volatile.Write(ref gaveUp, true);
                process.Kill(entireProcessTree: true);
            });
            Stream console = process.StandardOutput.BaseStream;
            byte[] buffer = new byte[4096];
            HostTime now = default;
            while (true)
            {
                watchdog.Change(Patience, Timeout.InfiniteTimeSpan);
                int count = console.Read(buffer);
                if (count == 0)
                    break;
                now = HostTime.Now(process, started, now);
                lines.Add(buffer.AsSpan(0, count), now);
            }
            process.WaitForExit();
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= end;
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        if (Volatile.Read(ref gaveUp))
            throw Failure($"printed nothing for {Patience.TotalMinutes:F0} minutes", marks, lines, "");
        if (process.ExitCode != 0)
            throw Failure($"ended with exit code {process.ExitCode}", marks, lines, errors.Result);
        string[] missing = [.. workloads.Select(workload => workload.Name).Except(marks.Times.Select(time => time.Name))];
        if (missing.Length > 0 || marks.InitTime is null)
            throw Failure($"ended without having run {string.Join(", ", missing)}", marks, lines, errors.Result);
        return new GuestBootResult(marks.Times, marks.CoreFeatures, marks.InitTime.Value.Seconds);
    }

    private static Process Start(IReadOnlyList<string> command)
    {
        // Standard input stays open and silent: QEMU would take its end for the end of the terminal.
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new UserError($"'{command[0]}' cannot be started: {error.Message}");
        }
    }

    private static UserError Failure(string what, ConsoleMarks marks, ConsoleLines lines, string errors)
    {
        string when = marks.Running is { } running ? $" while workload {running} ran" : "";
        return new UserError($"the guest's process {what}{when}. {errors.Trim()} The end of its console:\n{lines.Tail}");
    }
}
