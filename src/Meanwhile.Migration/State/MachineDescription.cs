using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Hypervisor.State;
using Meanwhile.Machine.Board;

namespace Meanwhile.Migration.State;

/// <summary>
/// What two machines must have in common for the guest of one to go on in the other: compared before anything stops. What the state itself needs
/// is checked again when it is restored.
/// </summary>
public sealed record MachineDescription
{
    private const uint FormatVersion = 1;
    private const int MostParts = 4096;
    private const int MostRegisters = 4096;
    private const int MostText = 1024;

    /// <summary>Size of RAM in bytes.</summary>
    public required long RamSize { get; init; }

    /// <summary>Number of vCPUs.</summary>
    public required int VcpuCount { get; init; }

    /// <summary>What of it has state: the clock, interrupt controller, devices, features, in order.</summary>
    public required IReadOnlyList<PartDescription> Parts { get; init; }

    /// <summary>What kind of CPU it has: id and value of each register that says so, MPIDR_EL1 left out.</summary>
    public required IReadOnlyList<(ulong Id, UInt128 Value)> IdentificationRegisters { get; init; }

    /// <summary>The description of a machine. It need not be stopped.</summary>
    public static MachineDescription Of(VirtMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        VirtualMachine hypervisor = machine.Hypervisor;
        return new MachineDescription
        {
            RamSize = machine.Ram.Size,
            VcpuCount = hypervisor.Vcpus.Count,
            Parts = [.. hypervisor.StateSections.Select(section => new PartDescription(section.SectionName, section.SectionVersion, section.Configuration))],
            IdentificationRegisters = [.. Identification(hypervisor.Vcpus[0].Engine)],
        };
    }

    /// <summary>
    /// Why the guest of the machine described by <paramref name="other"/> cannot go on in this one, for people; null: it can.
    /// </summary>
    public string? DifferenceFrom(MachineDescription other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.RamSize != RamSize)
            return $"RAM: {other.RamSize} bytes there, {RamSize} bytes here";
        if (other.VcpuCount != VcpuCount)
            return $"CPUs: {other.VcpuCount} there, {VcpuCount} here";
        return DifferenceOfParts(other) ?? DifferenceOfRegisters(other);
    }

    /// <summary>As bytes, for <see cref="Parse"/>.</summary>
    public byte[] ToBytes()
    {
        var writer = new StateWriter();
        writer.WriteUInt32(FormatVersion);
        writer.WriteInt64(RamSize);
        writer.WriteUInt32((uint)VcpuCount);
        writer.WriteUInt32((uint)Parts.Count);
        foreach (PartDescription part in Parts)
        {
            writer.WriteText(part.Name);
            writer.WriteUInt32((uint)part.Version);
            writer.WriteText(part.Configuration);
        }

        writer.WriteUInt32((uint)IdentificationRegisters.Count);
        foreach ((ulong id, UInt128 value) in IdentificationRegisters)
        {
            writer.WriteUInt64(id);
            writer.WriteUInt128(value);
        }

        return writer.Written.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> gave, or somebody made up.</summary>
    /// <exception cref="StateFormatException">It is no description.</exception>
    public static MachineDescription Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader("the description", bytes.ToArray());
        uint version = reader.ReadUInt32();
        reader.Require(version == FormatVersion, $"version {version}, where version {FormatVersion} is known");
        long ramSize = reader.ReadInt64();
        reader.Require(ramSize > 0, $"{ramSize} bytes of RAM");
        int vcpus = reader.ReadCount(int.MaxValue, "CPUs");
        var parts = new PartDescription[reader.ReadCount(Math.Min(MostParts, reader.Remaining), "parts")];
        foreach (ref PartDescription part in parts.AsSpan())
        {
            string name = ReadText(reader, StateReader.MaximumNameLength);
            part = new PartDescription(name, reader.ReadCount(int.MaxValue, "as version"), ReadText(reader, MostText));
        }

        var registers = new (ulong, UInt128)[reader.ReadCount(Math.Min(MostRegisters, reader.Remaining), "registers")];
        foreach (ref (ulong Id, UInt128 Value) register in registers.AsSpan())
            register = (reader.ReadUInt64(), reader.ReadUInt128());
        reader.RequireEnd();
        return new MachineDescription { RamSize = ramSize, VcpuCount = vcpus, Parts = parts, IdentificationRegisters = registers };
    }

    // Control characters would do things to the terminal that shows a difference.
    private static string ReadText(StateReader reader, int most)
    {
        string text = reader.ReadText(most);
        reader.Require(!text.Any(char.IsControl), "a text with control characters");
        return text;
    }

    private static IEnumerable<(ulong Id, UInt128 Value)> Identification(IVcpuEngine engine)
    {
        foreach (ulong id in engine.IdentificationIds)
        {
            // MPIDR_EL1 tells the vCPUs of a machine apart.
            if (id != RegisterId.Mpidr && engine.TryGetOneRegister(id, out UInt128 value))
                yield return (id, value);
        }
    }

    private string? DifferenceOfParts(MachineDescription other)
    {
        for (int index = 0; index < Math.Max(Parts.Count, other.Parts.Count); index++)
        {
            PartDescription? here = index < Parts.Count ? Parts[index] : null;
            PartDescription? there = index < other.Parts.Count ? other.Parts[index] : null;
            if (here?.Name != there?.Name)
            {
                string[] onlyThere = [.. other.Parts.Select(part => part.Name).Except(Parts.Select(part => part.Name))];
                string[] onlyHere = [.. Parts.Select(part => part.Name).Except(other.Parts.Select(part => part.Name))];
                return onlyThere.Length + onlyHere.Length == 0
                    ? "devices: the same in another order"
                    : $"devices: {List(onlyThere)} there only, {List(onlyHere)} here only";
            }

            if (here!.Configuration != there!.Configuration)
                return $"{here.Name}: {there.Configuration} there, {here.Configuration} here";
            if (there.Version < 1 || there.Version > here.Version)
                return $"{here.Name}: state of version {there.Version} there, up to {here.Version} can be restored here; use the newer program here";
        }

        return null;
    }

    private string? DifferenceOfRegisters(MachineDescription other)
    {
        foreach ((ulong id, UInt128 value) in IdentificationRegisters)
        {
            (ulong Id, UInt128 Value)[] there = [.. other.IdentificationRegisters.Where(register => register.Id == id)];
            if (there.Length != 1)
                return $"CPU features: {RegisterId.Describe(id)} is here only";
            if (there[0].Value != value)
                return $"CPU features: {RegisterId.Describe(id)} is 0x{there[0].Value:x} there, 0x{value:x} here";
        }

        return other.IdentificationRegisters.Count == IdentificationRegisters.Count ? null : "CPU features: more registers there";
    }

    private static string List(string[] names) => names.Length == 0 ? "nothing" : string.Join(", ", names);
}

/// <summary>A part of a machine that has state.</summary>
/// <param name="Name">Name of its section.</param>
/// <param name="Version">Version of its state that the machine writes.</param>
/// <param name="Configuration">What it was made with.</param>
public sealed record PartDescription(string Name, int Version, string Configuration);
