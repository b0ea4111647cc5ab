using System.Text.Json;
using Meanwhile.Cli.Monitor.Qmp;

namespace Meanwhile.Cli.Monitor;

/// <summary>The commands about the machine itself: what it is, stop, go on, end.</summary>
internal static class MachineCommands
{
    /// <summary>Makes them.</summary>
    public static IEnumerable<QmpCommand> Of(IMachineControl machine) =>
    [
        new("query-version", QmpMessage.WriteVersion),
        new("query-name", json => Object(json)),
        new("query-kvm", json => Object(json, ("enabled", false), ("present", false))),
        new("query-target", json =>
        {
            json.WriteStartObject();
            json.WriteString("arch", "aarch64");
            json.WriteEndObject();
        }),
        new("query-status", json => WriteStatus(json, machine.State)),
        new("query-cpus-fast", json => WriteVcpus(json, machine.Vcpus)),
        new("query-memory-size-summary", json =>
        {
            json.WriteStartObject();
            json.WriteNumber("base-memory", machine.MemorySize);
            json.WriteNumber("plugged-memory", 0);
            json.WriteEndObject();
        }),
        new("stop", machine.Stop),
        new("cont", machine.Continue),
        new("system_reset", machine.Reset),
        new("system_powerdown", machine.PowerDown),
        new("quit", machine.Quit),
    ];

    private static void WriteStatus(Utf8JsonWriter json, RunState state)
    {
        json.WriteStartObject();
        json.WriteString("status", state.Name());
        json.WriteBoolean("running", state == RunState.Running);
        json.WriteEndObject();
    }

    private static void WriteVcpus(Utf8JsonWriter json, IReadOnlyList<VcpuInformation> vcpus)
    {
        json.WriteStartArray();
        foreach (VcpuInformation vcpu in vcpus)
        {
            json.WriteStartObject();
            json.WriteNumber("cpu-index", vcpu.Index);
            json.WriteString("qom-path", $"/machine/unattached/device[{vcpu.Index}]");
            json.WriteNumber("thread-id", vcpu.ThreadId);
            json.WriteStartObject("props");
            json.WriteNumber("core-id", vcpu.Index);
            json.WriteNumber("thread-id", 0);
            json.WriteNumber("socket-id", 0);
            json.WriteNumber("cluster-id", 0);
            json.WriteEndObject();
            json.WriteString("target", "aarch64");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Object(Utf8JsonWriter json, params ReadOnlySpan<(string Name, bool Value)> members)
    {
        json.WriteStartObject();
        foreach ((string name, bool value) in members)
            json.WriteBoolean(name, value);
        json.WriteEndObject();
    }
}
