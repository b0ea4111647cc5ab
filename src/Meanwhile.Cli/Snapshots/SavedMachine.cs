using Meanwhile.Cli.Machines;
using Meanwhile.Hypervisor.State;
using Meanwhile.Machine.Board;
using Meanwhile.Migration.State;

namespace Meanwhile.Cli.Snapshots;

/// <summary>
/// The description in a snapshot file: what the machine must be (<see cref="MachineDescription"/>), and how to make one. Paths are absolute. The file may be
/// anybody's, so all of it is checked here or where a user's own settings would be.
/// </summary>
/// <param name="Machine">What the state fits.</param>
/// <param name="Settings">What the machine was made from, without what is the host's choice.</param>
internal sealed record SavedMachine(MachineDescription Machine, MachineSettings Settings)
{
    private const uint FormatVersion = 1;
    private const int MostDisks = MemoryMap.VirtioMmioSlots;
    private const string PowerButtonPart = "power-button";
    private const int LongestText = ushort.MaxValue;

    /// <summary>As bytes, for <see cref="Parse"/>.</summary>
    public byte[] ToBytes()
    {
        var writer = new StateWriter();
        writer.WriteUInt32(FormatVersion);
        writer.WriteBytes(Machine.ToBytes());
        writer.WriteText(FullPath(Settings.Kernel));
        writer.WriteText(Settings.Initrd is { } initrd ? FullPath(initrd) : "");
        writer.WriteText(Settings.CommandLine);
        writer.WriteUInt32((uint)Settings.Disks.Count);
        foreach (DiskOptions disk in Settings.Disks)
        {
            writer.WriteText(FullPath(disk.Path));
            writer.WriteBoolean(disk.IsReadOnly);
        }
        writer.WriteBoolean(Settings.AsyncPageFaults);
        writer.WriteBoolean(Settings.GenerationId);
        writer.WriteBoolean(Settings.VirtualClock);
        writer.WriteUInt32((uint)Settings.NanosecondsPerInstruction);
        writer.WriteUInt64(Settings.Seed);
        return writer.Written.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> gave.</summary>
    /// <exception cref="StateFormatException">It is none.</exception>
    public static SavedMachine Parse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StateReader("the machine's settings", bytes);
        reader.RequireUInt32(FormatVersion, "the version");
        MachineDescription machine = MachineDescription.Parse(reader.ReadBytes());
        string kernel = ReadText(reader);
        string initrd = ReadText(reader);
        string commandLine = ReadText(reader);
        var disks = new DiskOptions[reader.ReadCount(MostDisks, "disks")];
        foreach (ref DiskOptions disk in disks.AsSpan())
            disk = new DiskOptions(ReadText(reader), reader.ReadBoolean());
        var settings = new MachineSettings
        {
            Kernel = kernel,
            Initrd = initrd.Length == 0 ? null : initrd,
            CommandLine = commandLine,
            Disks = disks,
            Cpus = machine.VcpuCount,
            Memory = machine.RamSize,
            AsyncPageFaults = reader.ReadBoolean(),
            // Not among the settings, which are from before there were power buttons: the parts say it.
            PowerButton = machine.Parts.Any(part => part.Name == PowerButtonPart),
            GenerationId = reader.ReadBoolean(),
            VirtualClock = reader.ReadBoolean(),
            NanosecondsPerInstruction = reader.ReadCount(int.MaxValue, "ns an instruction"),
            Seed = reader.ReadUInt64(),
        };
        reader.RequireEnd();
        return new SavedMachine(machine, settings);
    }

    // Control characters would do things to the terminal that shows them.
    private static string ReadText(StateReader reader)
    {
        string text = reader.ReadText(LongestText);
        reader.Require(!text.Any(char.IsControl), "a text with control characters");
        return text;
    }

    private static string FullPath(string path) => path.Length == 0 ? "" : Path.GetFullPath(path);
}
