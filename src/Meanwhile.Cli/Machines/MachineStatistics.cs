using System.Text.Json;
using Meanwhile.Arm64;
using Meanwhile.Cli.Host;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.AsyncPageFaults;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Machine.Devices;
using Meanwhile.Memory.Statistics;

namespace Meanwhile.Cli.Machines;

/// <summary>A machine's counters as JSON: <c>meanwhile run --stats</c>. Times are nanoseconds of the machine's clock.</summary>
internal static class MachineStatistics
{
    /// <summary>Tells before a long run, not after it, that the file cannot be written; changes nothing in it.</summary>
    /// <exception cref="UserError">It cannot.</exception>
    public static void CheckFile(string path) => Open(path, FileMode.OpenOrCreate).Dispose();

    /// <summary>Writes them to a file.</summary>
    /// <exception cref="UserError">It cannot be written.</exception>
    public static void Write(MachineSession session, string path)
    {
        try
        {
            using FileStream file = Open(path, FileMode.Create);
            using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
            Write(session, json);
        }
        catch (IOException error)
        {
            throw new UserError($"--stats: '{path}' cannot be written: {error.Message}");
        }
    }

    private static FileStream Open(string path, FileMode mode)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.Write);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserError($"--stats: '{path}' cannot be written: {error.Message}");
        }
    }

    private static void Write(MachineSession session, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("clock", session.Clock.IsVirtual ? "virtual" : "real");
        json.WriteNumber("time", session.Clock.Now);
        json.WriteStartArray("vcpus");
        foreach (Vcpu vcpu in session.Machine.Hypervisor.Vcpus)
            WriteVcpu(json, session, vcpu);
        json.WriteEndArray();
        WriteMemory(json, session.Machine.Ram.Statistics());
        HostMemory.Of(session).Write(json);
        json.WriteStartObject("devices");
        foreach (IBoardDevice device in session.Machine.Devices)
        {
            json.WriteStartObject(device.Name);
            foreach (DeviceStatistic statistic in device.Statistics)
                json.WriteNumber(statistic.Name, statistic.Value);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteVcpu(Utf8JsonWriter json, MachineSession session, Vcpu vcpu)
    {
        json.WriteStartObject();
        json.WriteNumber("index", vcpu.Index);
        json.WriteNumber("instructions", vcpu.Engine.InstructionsRetired);
        json.WriteNumber("synchronousFaults", vcpu.Statistics.SynchronousFaults);
        json.WriteNumber("asynchronousFaults", vcpu.Statistics.AsynchronousFaults);
        json.WriteNumber("stoodStill", vcpu.Statistics.FaultNanoseconds);
        json.WriteNumber("halted", vcpu.Statistics.HaltedNanoseconds);
        json.WriteStartObject("engine");
        foreach (CoreCounter counter in vcpu.Engine.Counters)
            json.WriteNumber(counter.Name, counter.Value);
        json.WriteEndObject();
        json.WriteStartObject("exits");
        foreach (VcpuExitReason reason in Enum.GetValues<VcpuExitReason>())
            json.WriteNumber(JsonNamingPolicy.CamelCase.ConvertName(reason.ToString()), vcpu.Statistics.Exits(reason));
        json.WriteEndObject();
        if (session.AsyncPageFaults is { } service)
            WriteAsyncPageFaults(json, service.Statistics(vcpu));
        json.WriteEndObject();
    }

    private static void WriteAsyncPageFaults(Utf8JsonWriter json, AsyncPageFaultStatistics statistics)
    {
        json.WriteStartObject("asyncPageFaults");
        json.WriteNumber("faults", statistics.Faults);
        json.WriteNumber("notified", statistics.Notified);
        json.WriteNumber("waited", statistics.Waited);
        json.WriteNumber("cancelled", statistics.Cancelled);
        json.WriteNumber("ready", statistics.Ready);
        json.WriteNumber("wakeAlls", statistics.WakeAlls);
        json.WriteNumber("dropped", statistics.Dropped);
        json.WriteNumber("rehearsed", statistics.Rehearsed);
        json.WriteNumber("peakOutstanding", statistics.PeakOutstanding);
        json.WriteStartObject("decisions");
        foreach (AsyncPageFaultDecision decision in Enum.GetValues<AsyncPageFaultDecision>())
            json.WriteNumber(JsonNamingPolicy.CamelCase.ConvertName(decision.ToString()), statistics.Decided(decision));
        json.WriteEndObject();
        WriteHistogram(json, "pageLatency", statistics.PageLatency);
        WriteHistogram(json, "readyLatency", statistics.ReadyLatency);
        json.WriteEndObject();
    }

    private static void WriteMemory(Utf8JsonWriter json, GuestRamStatistics statistics)
    {
        json.WriteStartObject("memory");
        json.WriteNumber("pages", statistics.Pages);
        json.WriteNumber("limit", statistics.Limit);
        json.WriteNumber("resident", statistics.Resident);
        json.WriteNumber("peakResident", statistics.PeakResident);
        json.WriteNumber("untouched", statistics.Untouched);
        json.WriteNumber("absent", statistics.Absent);
        json.WriteNumber("reads", statistics.Reads);
        json.WriteNumber("writes", statistics.Writes);
        json.WriteNumber("writeOperations", statistics.WriteOperations);
        json.WriteNumber("droppedClean", statistics.DroppedClean);
        json.WriteNumber("zeroPages", statistics.ZeroPages);
        json.WriteNumber("prefetched", statistics.Prefetched);
        json.WriteNumber("overwritten", statistics.Overwritten);
        json.WriteNumber("rescued", statistics.Rescued);
        json.WriteNumber("reclaimRounds", statistics.ReclaimRounds);
        json.WriteNumber("waitsForFrames", statistics.WaitsForFrames);
        json.WriteNumber("peakInFlight", statistics.PeakInFlight);
        WriteHistogram(json, "readLatency", statistics.ReadLatency);
        WriteHistogram(json, "writeLatency", statistics.WriteLatency);
        json.WriteEndObject();
    }

    private static void WriteHistogram(Utf8JsonWriter json, string name, LatencyHistogram histogram)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", histogram.Count);
        json.WriteNumber("mean", histogram.Mean);
        json.WriteNumber("maximum", histogram.Maximum);
        json.WriteEndObject();
    }
}
