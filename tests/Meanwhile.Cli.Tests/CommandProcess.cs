using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Meanwhile.Cli.Tests;

/// <summary>A program with its standard streams in the hands of a test: the meanwhile command, mostly.</summary>
internal sealed class CommandProcess : IDisposable
{
    // Only so that a test that would hang ends: much longer than a busy machine takes to print a line, or to end.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly Lock gate = new();
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();
    private readonly SemaphoreSlim arrived = new(0);
    private readonly Task[] readers;
    private int seen;

    private CommandProcess(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        process = Process.Start(start) ?? throw new InvalidOperationException(program + " does not start");
        readers = [ReadAll(process.StandardOutput, output), ReadAll(process.StandardError, errors)];
    }

    /// <summary>The program under test as built with the tests.</summary>
    public static string[] MeanwhileCommandLine { get; } = ["dotnet", Path.Combine(AppContext.BaseDirectory, "meanwhile.dll")];

    /// <summary>Its process.</summary>
    public int Id => process.Id;

    public string Output
    {
        get
        {
            lock (gate)
                return output.ToString();
        }
    }

    public string Errors
    {
        get
        {
            lock (gate)
                return errors.ToString();
        }
    }

    public static CommandProcess Meanwhile(params string[] arguments) => new(MeanwhileCommandLine[0], [MeanwhileCommandLine[1], .. arguments]);

    public static CommandProcess Start(string program, params string[] arguments) => new(program, arguments);

    public void Type(string keys)
    {
        process.StandardInput.Write(keys);
        process.StandardInput.Flush();
    }

    /// <summary>Waits until the program has printed this after what was waited for before; fails when it ends without.</summary>
    public void WaitFor(string text) => Wait(text, output, ref seen);

    /// <summary>Waits until the program has printed this on its standard error.</summary>
    public void WaitForError(string text)
    {
        int from = 0;
        Wait(text, errors, ref from);
    }

    public void Kill(string signal) => Kill(process.Id, signal);

    public static void Kill(int pid, string signal)
    {
        using Process kill = Process.Start("kill", ["-" + signal, pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end of the program.</summary>
    public int WaitForExit() => WaitForExit(Patience);

    /// <summary>Waits for the end of a program that takes long.</summary>
    public int WaitForExit(TimeSpan patience)
    {
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(patience), "The program does not end; it printed:\n" + Output + Errors);
        Task.WaitAll(readers, TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
        arrived.Dispose();
    }

    private void Wait(string text, StringBuilder where, ref int from)
    {
        while (true)
        {
            bool ended = readers.All(reader => reader.IsCompleted);
            lock (gate)
            {
                int at = where.ToString().IndexOf(text, from, StringComparison.Ordinal);
                if (at >= 0)
                {
                    from = at + text.Length;
                    return;
                }
            }
            if (ended || !arrived.Wait(Patience))
                Assert.Fail($"'{text}' was not printed; the program {(ended ? "ended" : "hangs")} after:\n{Output}\n{Errors}");
        }
    }

    private async Task ReadAll(StreamReader reader, StringBuilder into)
    {
        char[] buffer = new char[4096];
        while (await reader.ReadAsync(buffer) is > 0 and int count)
        {
            lock (gate)
                into.Append(buffer, 0, count);
            arrived.Release();
        }
        arrived.Release();
    }
}
