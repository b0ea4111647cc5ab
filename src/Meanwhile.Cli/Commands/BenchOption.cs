using System.CommandLine;

namespace Meanwhile.Cli.Commands;

/// <summary>Options that commands which measure guests have in common.</summary>
internal static class BenchOption
{
    /// <summary><c>--suite</c>.</summary>
    public static Option<string> Suite() => new("--suite") { Description = "Debian suite of the guest", DefaultValueFactory = _ => GuestCommand.DefaultSuite };

    /// <summary><c>--memory</c>.</summary>
    /// <param name="size">Its default.</param>
    public static Option<string> Memory(string size) => new("--memory") { Description = "guest RAM", DefaultValueFactory = _ => size };

    /// <summary><c>--json</c>, for <see cref="JsonFile"/>.</summary>
    public static Option<string?> Json() => new("--json") { Description = "write every figure to this file as JSON" };
}
