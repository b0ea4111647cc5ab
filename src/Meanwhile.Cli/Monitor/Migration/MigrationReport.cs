using System.Text;
using System.Text.Json;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Cli.Monitor.Migration;

/// <summary>A migration for clients (<c>query-migrate</c>) and for people (<c>info migrate</c>), in QEMU 10's names, order and units.</summary>
internal static class MigrationReport
{
    private const int Kilo = 10;

    /// <summary>Lets people see it.</summary>
    public static void AddTo(HumanMonitor human, IMigrationControl migration, MigrationSettings settings)
    {
        human.Add("migrate", "show migration status", text => Show(text, migration.Query()));
        human.Add("migrate_capabilities", "show current migration capabilities", text =>
        {
            foreach (MigrationCapability capability in settings.Supported)
                HumanMonitor.Line(text, $"{capability.Name()}: {(settings.Current.Has(capability) ? "on" : "off")}");
        });
        human.Add("migrate_parameters", "show current migration parameters", text => MigrationParameters.Show(text, settings.Current));
    }

    /// <summary>QAPI's MigrationInfo; empty when there was no migration.</summary>
    public static void Write(Utf8JsonWriter json, MigrationInfo info)
    {
        json.WriteStartObject();
        if (info.State != MigrationState.None)
        {
            json.WriteString("status", info.State.Name());
            Write(json, "total-time", info.TotalTime);
            Write(json, "setup-time", info.SetupTime);
            Write(json, "downtime", info.Downtime);
            Write(json, "expected-downtime", info.ExpectedDowntime);
            if (info.Ram is { } ram)
                Write(json, ram);
            Write(json, "cpu-throttle-percentage", info.CpuThrottlePercentage);
            Write(json, "postcopy-blocktime", info.PostcopyBlockTime);
            if (info.PostcopyVcpuBlockTime is { } blocked)
            {
                json.WriteStartArray("postcopy-vcpu-blocktime");
                foreach (long time in blocked)
                    json.WriteNumberValue(time);
                json.WriteEndArray();
            }
            if (info.Error is { } error)
                json.WriteString("error-desc", error);
            if (info.Listening is { } address)
                Write(json, address);
        }
        json.WriteEndObject();
    }

    /// <summary>What <c>info migrate</c> prints.</summary>
    public static void Show(StringBuilder text, MigrationInfo info)
    {
        if (info.State == MigrationState.None)
            return;
        string because = info is { State: MigrationState.Failed, Error: { } error } ? $" ({error})" : "";
        HumanMonitor.Line(text, $"Migration status: {info.State.Name()}{because}");
        HumanMonitor.Line(text, $"total time: {info.TotalTime ?? 0} ms");
        if (info.ExpectedDowntime is { } expected)
            HumanMonitor.Line(text, $"expected downtime: {expected} ms");
        if (info.Downtime is { } downtime)
            HumanMonitor.Line(text, $"downtime: {downtime} ms");
        if (info.SetupTime is { } setup)
            HumanMonitor.Line(text, $"setup: {setup} ms");
        if (info.Ram is { } ram)
            Show(text, ram);
        if (info.CpuThrottlePercentage is { } throttle)
            HumanMonitor.Line(text, $"cpu throttle percentage: {throttle}");
        if (info.PostcopyBlockTime is { } blocked)
            HumanMonitor.Line(text, $"postcopy blocktime: {blocked}");
        if (info.PostcopyVcpuBlockTime is { } vcpus)
            HumanMonitor.Line(text, $"postcopy vcpu blocktime: {string.Join(", ", vcpus)}");
        if (info.Listening is not { } address)
            return;
        HumanMonitor.Line(text, $"socket address: [");
        HumanMonitor.Line(text, $"\t{address}");
        HumanMonitor.Line(text, $"]");
    }

    private static void Show(StringBuilder text, MigrationStats ram)
    {
        HumanMonitor.Line(text, $"transferred ram: {ram.Transferred >> Kilo} kbytes");
        HumanMonitor.Line(text, $"throughput: {ram.Mbps:F2} mbps");
        HumanMonitor.Line(text, $"remaining ram: {ram.Remaining >> Kilo} kbytes");
        HumanMonitor.Line(text, $"total ram: {ram.Total >> Kilo} kbytes");
        HumanMonitor.Line(text, $"duplicate: {ram.Duplicate} pages");
        if (ram.Skipped > 0)
            HumanMonitor.Line(text, $"skipped: {ram.Skipped} pages");
        HumanMonitor.Line(text, $"normal: {ram.Normal} pages");
        HumanMonitor.Line(text, $"normal bytes: {ram.NormalBytes >> Kilo} kbytes");
        HumanMonitor.Line(text, $"dirty sync count: {ram.DirtySyncCount}");
        HumanMonitor.Line(text, $"page size: {ram.PageSize >> Kilo} kbytes");
        HumanMonitor.Line(text, $"multifd bytes: {ram.MultifdBytes >> Kilo} kbytes");
        HumanMonitor.Line(text, $"pages-per-second: {ram.PagesPerSecond}");
        if (ram.DirtyPagesRate > 0)
            HumanMonitor.Line(text, $"dirty pages rate: {ram.DirtyPagesRate} pages");
        if (ram.PostcopyRequests > 0)
            HumanMonitor.Line(text, $"postcopy request count: {ram.PostcopyRequests}");
        if (ram.PrecopyBytes > 0)
            HumanMonitor.Line(text, $"precopy ram: {ram.PrecopyBytes >> Kilo} kbytes");
        if (ram.DowntimeBytes > 0)
            HumanMonitor.Line(text, $"downtime ram: {ram.DowntimeBytes >> Kilo} kbytes");
        if (ram.PostcopyBytes > 0)
            HumanMonitor.Line(text, $"postcopy ram: {ram.PostcopyBytes >> Kilo} kbytes");
    }

    private static void Write(Utf8JsonWriter json, MigrationStats ram)
    {
        json.WriteStartObject("ram");
        json.WriteNumber("transferred", ram.Transferred);
        json.WriteNumber("remaining", ram.Remaining);
        json.WriteNumber("total", ram.Total);
        json.WriteNumber("duplicate", ram.Duplicate);
        json.WriteNumber("skipped", ram.Skipped);
        json.WriteNumber("normal", ram.Normal);
        json.WriteNumber("normal-bytes", ram.NormalBytes);
        json.WriteNumber("dirty-pages-rate", ram.DirtyPagesRate);
        json.WriteNumber("mbps", ram.Mbps);
        json.WriteNumber("dirty-sync-count", ram.DirtySyncCount);
        json.WriteNumber("postcopy-requests", ram.PostcopyRequests);
        json.WriteNumber("page-size", ram.PageSize);
        json.WriteNumber("multifd-bytes", ram.MultifdBytes);
        json.WriteNumber("pages-per-second", ram.PagesPerSecond);
        json.WriteNumber("precopy-bytes", ram.PrecopyBytes);
        json.WriteNumber("downtime-bytes", ram.DowntimeBytes);
        json.WriteNumber("postcopy-bytes", ram.PostcopyBytes);
        // Writes that the guest made to pages that were on their way without a copy: there are none such.
        json.WriteNumber("dirty-sync-missed-zero-copy", 0);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, MigrationAddress address)
    {
        json.WriteStartArray("socket-address");
        json.WriteStartObject();
        if (address.Path is { } path)
        {
            json.WriteString("path", path);
            json.WriteString("type", "unix");
        }
        else
        {
            json.WriteString("host", address.Host);
            json.WriteString("port", $"{address.Port}");
            json.WriteString("type", "inet");
        }
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }
}
