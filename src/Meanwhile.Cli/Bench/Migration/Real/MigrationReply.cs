using System.Text.Json;

namespace Meanwhile.Cli.Bench.Migration.Real;

/// <summary>What <c>query-migrate</c> answered, as far as it is wanted here; what is not said is 0.</summary>
/// <param name="Status">QAPI's MigrationStatus.</param>
/// <param name="Error">Why it failed, or "".</param>
/// <param name="TotalMs">total-time.</param>
/// <param name="NormalPages">Pages sent whole.</param>
/// <param name="ZeroPages">Pages that were zero: duplicate.</param>
/// <param name="Requests">postcopy-requests.</param>
/// <param name="BlockedMs">The vCPUs' blocktimes together; null: not measured there.</param>
internal sealed record MigrationReply(string Status, string Error, double TotalMs, long NormalPages, long ZeroPages, long Requests, double? BlockedMs)
{
    /// <summary>Reads the answer.</summary>
    public static MigrationReply Of(JsonElement answer)
    {
        JsonElement ram = answer.TryGetProperty("ram", out JsonElement found) ? found : default;
        return new MigrationReply(
            Text(answer, "status"),
            Text(answer, "error-desc"),
            Number(answer, "total-time"),
            (long)Number(ram, "normal"),
            (long)Number(ram, "duplicate"),
            (long)Number(ram, "postcopy-requests"),
            answer.TryGetProperty("postcopy-vcpu-blocktime", out JsonElement times) && times.ValueKind == JsonValueKind.Array
                ? times.EnumerateArray().Sum(time => time.TryGetDouble(out double value) ? value : 0)
                : null);
    }

    private static string Text(JsonElement from, string name) => from.TryGetProperty(name, out JsonElement value) ? value.GetString() ?? "" : "";

    private static double Number(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out JsonElement value) && value.TryGetDouble(out double number) ? number : 0;
}
