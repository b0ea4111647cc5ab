using System.Globalization;

namespace Meanwhile.Arm64.Translator;

/// <summary>
/// Names for translated code in the form that Linux perf reads: a line of address, size and name each, in hexadecimal
/// (tools/perf/Documentation/jit-interface.txt). Any thread.
/// </summary>
public sealed class PerfMap : IDisposable
{
    private readonly Lock gate = new();
    private readonly StreamWriter writer;

    /// <summary>Opens <c>/tmp/perf-PID.map</c> of this process, where perf looks for it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public PerfMap()
        : this($"/tmp/perf-{Environment.ProcessId}.map")
    {
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public PerfMap(string path)
    {
        Path = path;
        writer = new StreamWriter(path);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Adds a line.</summary>
    internal void Add(nint address, int size, string name)
    {
        lock (gate)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{address:x} {size:x} {name}"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
            writer.Dispose();
    }
}
