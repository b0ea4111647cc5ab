using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Meanwhile.Cli.Bench.Guests;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Monitor.Qmp;

namespace Meanwhile.Cli.Bench.Migration.Real;

/// <summary>A machine in a process of its own, with its console on a pipe and its monitor on a socket.</summary>
internal sealed class MachineProcess : IMovingMachine
{
    // Only so that a process that hangs ends the run: much longer than either takes to listen, or to print what it leaves.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly Process process;
    private readonly Task<string> errors;
    private readonly Thread reader;
    private readonly Lock gate = new();
    private readonly List<MachineHappening> events = [];
    private readonly EventHandler kill;
    private QmpConnection? monitor;

    /// <summary>Starts it and connects to its monitor.</summary>
    /// <param name="command">The whole command.</param>
    /// <param name="socket">Where its monitor will listen.</param>
    /// <exception cref="UserError">It cannot be started, or ended at once.</exception>
    public MachineProcess(IReadOnlyList<string> command, string socket)
    {
        // Standard input stays open and silent: its end would be that of the terminal.
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new UserError($"'{command[0]}' cannot be started: {error.Message}");
        }
        // It does not outlive the benchmark that is ended by a signal.
        kill = (_, _) => Kill();
        AppDomain.CurrentDomain.ProcessExit += kill;
        errors = process.StandardError.ReadToEndAsync();
        reader = new Thread(Read) { IsBackground = true, Name = "console" };
        reader.Start();
        try
        {
            monitor = Connect(command, socket);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ConsoleLog Console { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<MachineHappening> Events
    {
        get
        {
            lock (gate)
                return [.. events];
        }
    }

    /// <inheritdoc/>
    public string? Ended => process.HasExited ? $"ended with exit code {process.ExitCode}. {errors.Result.Trim()}" : null;

    /// <summary>Now, in seconds of the clock that events are stamped with.</summary>
    public static double Now() => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;

    /// <inheritdoc/>
    public JsonElement Execute(string command, Action<Utf8JsonWriter>? arguments = null) => monitor!.Execute(command, arguments);

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= kill;
        Kill();
        process.WaitForExit();
        reader.Join();
        monitor?.Dispose();
        monitor = null;
        process.Dispose();
    }

    private QmpConnection Connect(IReadOnlyList<string> command, string socket)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (Ended is { } end)
                throw new UserError($"'{BenchSide.Quote(command)}' {end}");
            try
            {
                return new QmpConnection(socket, Happened);
            }
            catch (UserError) when (Stopwatch.GetElapsedTime(started) < Patience)
            {
                // It does not listen yet.
                Thread.Sleep(Look);
            }
        }
    }

    private void Happened(JsonElement line)
    {
        lock (gate)
            events.Add(MachineHappening.Of(line));
    }

    private void Read()
    {
        byte[] buffer = new byte[4096];
        Stream stream = process.StandardOutput.BaseStream;
        try
        {
            while (stream.Read(buffer) is var count and > 0)
                Console.Add(buffer.AsSpan(0, count), Now());
        }
        catch (IOException)
        {
            // Its end of the pipe is gone.
        }
    }

    private void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }
}
