namespace Meanwhile.Cli.Machines;

/// <summary>
/// What the monitor adds to a guest kernel's command line. A panic resets at once, and warm (PSCI SYSTEM_RESET2), which a reboot does not:
/// that is how the monitor tells a panic from a reboot.
/// </summary>
internal static class GuestCommandLine
{
    /// <summary>The words in front of the user's own, which may override them.</summary>
    public const string Defaults = "console=ttyAMA0 panic=-1 reboot=panic_warm";

    /// <summary>Defaults, then the user's words.</summary>
    public static string With(string append) => append.Length == 0 ? Defaults : $"{Defaults} {append}";
}
