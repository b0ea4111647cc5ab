namespace Meanwhile.Hypervisor.State;

/// <summary>Saved state that cannot be restored: damaged, of another version, or of another machine.</summary>
/// <param name="section">The section where it was noticed; empty for the whole.</param>
/// <param name="what">What is wrong.</param>
public sealed class StateFormatException(string section, string what)
    : Exception(section.Length == 0 ? $"saved state: {what}" : $"saved state of {section}: {what}")
{
    /// <summary>The section where it was noticed; empty for the whole.</summary>
    public string Section { get; } = section;
}
