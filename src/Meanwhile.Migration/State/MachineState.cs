using System.Security.Cryptography;
using System.Text;
using Meanwhile.Hypervisor.State;
using Meanwhile.Machine.Board;

namespace Meanwhile.Migration.State;

/// <summary>
/// The state of a machine but its RAM, as bytes: a header (magic, version, number of sections), the sections (name, version, length, bytes), and
/// the SHA-256 of all that, which tells damage from other mistakes. It is no protection: whoever can change the bytes can change the sum.
/// </summary>
public static class MachineState
{
    /// <summary>Longest state that is looked at.</summary>
    public const int MaximumLength = 64 << 20;

    /// <summary>Version of the container; the sections have their own.</summary>
    public const uint ContainerVersion = 1;

    private static ReadOnlySpan<byte> Magic => "MWHSTATE"u8;

    /// <summary>Saves a machine, which must be quiesced (<see cref="VirtMachine.Quiesce"/>). Changes nothing in it.</summary>
    public static byte[] Save(VirtMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        IReadOnlyList<IStateSection> sections = machine.Hypervisor.StateSections;
        var writer = new StateWriter();
        writer.WriteRaw(Magic);
        writer.WriteUInt32(ContainerVersion);
        writer.WriteUInt32((uint)sections.Count);
        foreach (IStateSection section in sections)
        {
            var content = new StateWriter();
            section.Save(content);
            writer.WriteText(section.SectionName);
            writer.WriteUInt32((uint)section.SectionVersion);
            writer.WriteBytes(content.Written);
        }

        return [.. writer.Written, .. SHA256.HashData(writer.Written)];
    }

    /// <summary>
    /// Restores what <see cref="Save"/> gave into a machine that was made from the same options and has neither booted nor run. It is quiesced then:
    /// <see cref="VirtMachine.Continue"/> lets it run. After an exception it can never run.
    /// </summary>
    /// <exception cref="StateFormatException">The bytes are damaged, of another version, or of another machine; says what and where.</exception>
    public static void Restore(VirtMachine machine, ReadOnlySpan<byte> state)
    {
        ArgumentNullException.ThrowIfNull(machine);
        try
        {
            // All of the container is read before anything is changed.
            List<Section> saved = Read(state);
            IReadOnlyList<IStateSection> sections = machine.Hypervisor.StateSections;
            CheckNames(sections, saved);
            machine.Quiesce();
            for (int index = 0; index < sections.Count; index++)
                Restore(sections[index], saved[index]);
        }
        catch (StateFormatException error)
        {
            machine.Hypervisor.MakeUnusable(error.Message);
            throw;
        }
    }

    private static List<Section> Read(ReadOnlySpan<byte> state)
    {
        if (state.Length > MaximumLength)
            throw new StateFormatException("", $"{state.Length} bytes, where at most {MaximumLength} can be");
        if (state.Length < SHA256.HashSizeInBytes)
            throw new StateFormatException("", "it ends too early");
        ReadOnlySpan<byte> summed = state[..^SHA256.HashSizeInBytes];
        var reader = new StateReader("", summed.ToArray());
        reader.Require(reader.ReadRaw(Magic.Length).SequenceEqual(Magic), "it does not begin as one");
        uint version = reader.ReadUInt32();
        reader.Require(version == ContainerVersion, $"version {version}, where version {ContainerVersion} is known");
        reader.Require(SHA256.HashData(summed).AsSpan().SequenceEqual(state[summed.Length..]), "the checksum is wrong: it is damaged");
        // A section has at least a name's length, a version and a length.
        int count = reader.ReadCount(reader.Remaining / (sizeof(ushort) + sizeof(uint) + sizeof(uint)), "sections");
        var sections = new List<Section>(count);
        for (int index = 0; index < count; index++)
            sections.Add(new Section(ReadName(reader), reader.ReadUInt32(), reader.ReadBytes().ToArray()));
        reader.RequireEnd();
        return sections;
    }

    private static string ReadName(StateReader reader)
    {
        string name = reader.ReadText(StateReader.MaximumNameLength);
        reader.Require(name.Length != 0 && Ascii.IsValid(name) && !name.Any(char.IsControl), "a section has no name");
        return name;
    }

    private static void CheckNames(IReadOnlyList<IStateSection> sections, List<Section> saved)
    {
        for (int index = 0; index < Math.Max(sections.Count, saved.Count); index++)
        {
            string? here = index < sections.Count ? sections[index].SectionName : null;
            string? there = index < saved.Count ? saved[index].Name : null;
            if (here != there)
                throw new StateFormatException("", $"another machine: {there ?? "nothing more"} there and {here ?? "nothing more"} here");
        }
    }

    private static void Restore(IStateSection section, in Section saved)
    {
        var reader = new StateReader(saved.Name, saved.Content);
        reader.Require(
            saved.Version >= 1 && saved.Version <= (uint)section.SectionVersion,
            $"version {saved.Version}, where versions up to {section.SectionVersion} are known");
        section.Restore(reader, (int)saved.Version);
        reader.RequireEnd();
    }

    private readonly record struct Section(string Name, uint Version, byte[] Content);
}
