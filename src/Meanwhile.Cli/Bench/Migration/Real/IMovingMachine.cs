using System.Text.Json;

namespace Meanwhile.Cli.Bench.Migration.Real;

/// <summary>One of the two machines of a migration: a process, or a test's script.</summary>
internal interface IMovingMachine : IDisposable
{
    /// <summary>What its console printed.</summary>
    ConsoleLog Console { get; }

    /// <summary>The events of its monitor so far.</summary>
    IReadOnlyList<MachineHappening> Events { get; }

    /// <summary>Null while it runs; else how it ended, with what it said.</summary>
    string? Ended { get; }

    /// <summary>Calls a command of its monitor.</summary>
    JsonElement Execute(string command, Action<Utf8JsonWriter>? arguments = null);
}

/// <summary>An event of a monitor.</summary>
/// <param name="Name">STOP, RESUME, MIGRATION, …</param>
/// <param name="Status">Of MIGRATION: which; else "".</param>
/// <param name="Time">Its own timestamp, seconds of the host's clock.</param>
internal readonly record struct MachineHappening(string Name, string Status, double Time)
{
    private const double Microsecond = 1e-6;

    /// <summary>Reads the event.</summary>
    public static MachineHappening Of(JsonElement line)
    {
        JsonElement stamp = line.GetProperty("timestamp");
        string status = line.TryGetProperty("data", out JsonElement data) && data.TryGetProperty("status", out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";
        return new MachineHappening(
            line.GetProperty("event").GetString() ?? "",
            status,
            stamp.GetProperty("seconds").GetInt64() + stamp.GetProperty("microseconds").GetInt64() * Microsecond);
    }
}
