namespace Meanwhile.Hypervisor.State;

/// <summary>
/// A part of a machine whose guest-visible state can be saved and given to another machine made from the same options. Both happen while no
/// vCPU runs and no device works; saving changes nothing.
/// </summary>
public interface IStateSection
{
    /// <summary>Name, unique in the machine: at most <see cref="StateReader.MaximumNameLength"/> printable ASCII characters.</summary>
    string SectionName { get; }

    /// <summary>Version of the layout that <see cref="Save"/> writes, from 1. Raised with each change of the layout.</summary>
    int SectionVersion { get; }

    /// <summary>
    /// What the part was made with and must be equal where its state is restored, for people to read: compared before a migration begins.
    /// </summary>
    string Configuration => "";

    /// <summary>Writes all that the guest can see, now or later, and that does not follow from the rest.</summary>
    void Save(StateWriter writer);

    /// <summary>
    /// Takes the state into a part that is as it was made. The bytes may be anybody's: each value is checked, or masked, as if a guest had
    /// written it.
    /// </summary>
    /// <param name="reader">What <see cref="Save"/> wrote. All of it must be read.</param>
    /// <param name="version">Its version, 1 to <see cref="SectionVersion"/>.</param>
    /// <exception cref="StateFormatException">The bytes are not such a state.</exception>
    void Restore(StateReader reader, int version);
}
