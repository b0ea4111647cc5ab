using System.Text;
using System.Text.Json;
using Meanwhile.Cli.Monitor.Qmp;

namespace Meanwhile.Cli.Monitor.Migration;

/// <summary>Parameters by QEMU's names: <c>migrate-set-parameters</c> and <c>query-migrate-parameters</c>.</summary>
internal static class MigrationParameters
{
    private const int MostDowntime = 2000 * 1000;

    // What QEMU 10 has besides: to be told from a slip of the pen.
    private static readonly HashSet<string> Foreign =
    [
        "announce-initial", "announce-max", "announce-rounds", "announce-step", "throttle-trigger-threshold", "cpu-throttle-tailslow", "tls-authz",
        "avail-switchover-bandwidth", "x-checkpoint-delay", "multifd-zlib-level", "multifd-qatzip-level", "xbzrle-cache-size", "block-bitmap-mapping",
        "x-vcpu-dirty-limit-period", "vcpu-dirty-limit", "mode", "zero-page-detection", "direct-io",
    ];

    /// <summary>What is set after this command.</summary>
    /// <exception cref="QmpException">Names the parameter that cannot be set so; nothing is set then.</exception>
    public static MigrationConfiguration Read(QmpArguments arguments, MigrationConfiguration current)
    {
        if (arguments.Names.FirstOrDefault(Foreign.Contains) is { } foreign)
            throw new QmpException($"Parameter '{foreign}' is not supported; query-migrate-parameters lists what is");
        MigrationConfiguration next = current with
        {
            MaximumBandwidth = arguments.OptionalUnsigned("max-bandwidth") ?? current.MaximumBandwidth,
            MaximumPostcopyBandwidth = arguments.OptionalUnsigned("max-postcopy-bandwidth") ?? current.MaximumPostcopyBandwidth,
            DowntimeLimit = Number(arguments, "downtime-limit", 0, MostDowntime, "an integer in the range of 0 to (2000 * 1000) ms") ?? current.DowntimeLimit,
            CpuThrottleInitial = Percent(arguments, "cpu-throttle-initial") ?? current.CpuThrottleInitial,
            CpuThrottleIncrement = Percent(arguments, "cpu-throttle-increment") ?? current.CpuThrottleIncrement,
            ZstdLevel = (int?)Number(arguments, "multifd-zstd-level", 0, 20, "a value between 0 and 20") ?? current.ZstdLevel,
            MultifdChannels = (int?)Number(arguments, "multifd-channels", 1, 255, "a value between 1 and 255") ?? current.MultifdChannels,
            Compression = Compression(arguments) ?? current.Compression,
            TlsCredentials = String(arguments, "tls-creds", current.TlsCredentials),
            TlsHostname = String(arguments, "tls-hostname", current.TlsHostname),
        };
        const string Range = "an integer in the range of cpu_throttle_initial to 99";
        next = next with
        {
            MaximumCpuThrottle = (int?)Number(arguments, "max-cpu-throttle", next.CpuThrottleInitial, 99, Range) ?? current.MaximumCpuThrottle,
        };
        arguments.End();
        return next;
    }

    /// <summary>Shows all.</summary>
    public static void Write(Utf8JsonWriter json, MigrationConfiguration configuration)
    {
        json.WriteStartObject();
        json.WriteNumber("cpu-throttle-initial", configuration.CpuThrottleInitial);
        json.WriteNumber("cpu-throttle-increment", configuration.CpuThrottleIncrement);
        json.WriteNumber("max-cpu-throttle", configuration.MaximumCpuThrottle);
        json.WriteString("tls-creds", configuration.TlsCredentials);
        json.WriteString("tls-hostname", configuration.TlsHostname);
        json.WriteNumber("max-bandwidth", configuration.MaximumBandwidth);
        json.WriteNumber("downtime-limit", configuration.DowntimeLimit);
        json.WriteNumber("multifd-channels", configuration.MultifdChannels);
        json.WriteString("multifd-compression", Name(configuration.Compression));
        json.WriteNumber("multifd-zstd-level", configuration.ZstdLevel);
        json.WriteNumber("max-postcopy-bandwidth", configuration.MaximumPostcopyBandwidth);
        json.WriteEndObject();
    }

    /// <summary>What <c>info migrate_parameters</c> prints.</summary>
    public static void Show(StringBuilder text, MigrationConfiguration configuration)
    {
        HumanMonitor.Line(text, $"cpu-throttle-initial: {configuration.CpuThrottleInitial}");
        HumanMonitor.Line(text, $"cpu-throttle-increment: {configuration.CpuThrottleIncrement}");
        HumanMonitor.Line(text, $"max-cpu-throttle: {configuration.MaximumCpuThrottle}");
        HumanMonitor.Line(text, $"tls-creds: '{configuration.TlsCredentials}'");
        HumanMonitor.Line(text, $"tls-hostname: '{configuration.TlsHostname}'");
        HumanMonitor.Line(text, $"max-bandwidth: {configuration.MaximumBandwidth} bytes/second");
        HumanMonitor.Line(text, $"downtime-limit: {configuration.DowntimeLimit} ms");
        HumanMonitor.Line(text, $"multifd-channels: {configuration.MultifdChannels}");
        HumanMonitor.Line(text, $"multifd-compression: {Name(configuration.Compression)}");
        HumanMonitor.Line(text, $"multifd-zstd-level: {configuration.ZstdLevel}");
        HumanMonitor.Line(text, $"max-postcopy-bandwidth: {configuration.MaximumPostcopyBandwidth}");
    }

    /// <summary>As clients name it.</summary>
    public static string Name(MigrationCompression compression) => compression == MigrationCompression.Zstd ? "zstd" : "none";

    private static int? Percent(QmpArguments arguments, string name) => (int?)Number(arguments, name, 1, 99, "an integer in the range of 1 to 99");

    private static long? Number(QmpArguments arguments, string name, long least, long most, string expected)
    {
        if (arguments.OptionalUnsigned(name) is not { } value)
            return null;
        return value >= (ulong)least && value <= (ulong)most
            ? (long)value
            // As QEMU writes the name here.
            : throw new QmpException($"Parameter '{name.Replace('-', '_')}' expects {expected}");
    }

    private static MigrationCompression? Compression(QmpArguments arguments) => arguments.OptionalString("multifd-compression") switch
    {
        null => null,
        "none" => MigrationCompression.None,
        "zstd" => MigrationCompression.Zstd,
        string other => throw new QmpException($"Parameter 'multifd-compression' does not accept value '{other}'"),
    };

    private static string String(QmpArguments arguments, string name, string current)
    {
        string value = arguments.OptionalStringOrNull(name, out bool isThere);
        return isThere ? value : current;
    }
}
