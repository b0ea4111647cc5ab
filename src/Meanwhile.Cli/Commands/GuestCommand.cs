using System.CommandLine;
using System.Text.Json;
using Meanwhile.Cli.Guest;

namespace Meanwhile.Cli.Commands;

/// <summary><c>meanwhile guest build</c>.</summary>
internal static class GuestCommand
{
    /// <summary>The suite whose guest is used where none is named: Debian 12.</summary>
    public const string DefaultSuite = "bookworm";

    /// <summary>Where Debian's packages come from.</summary>
    public const string DefaultMirror = "http://deb.debian.org/debian";

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var suite = new Option<string>("--suite")
        {
            Description = "Debian suite to take kernel and busybox from: bookworm (6.1), trixie (6.12), sid, …",
            DefaultValueFactory = _ => DefaultSuite,
        };
        var mirror = new Option<string>("--mirror")
        {
            Description = "Debian mirror",
            DefaultValueFactory = _ => DefaultMirror,
        };
        var again = new Option<bool>("--again")
        {
            Description = "build again, from fresh package lists, even when the cache has a current guest",
        };
        var json = new Option<bool>("--json")
        {
            Description = "print where the files are as JSON",
        };
        var build = new Command(
            "build", "Fetch a Debian arm64 kernel and busybox, build the guest's module and test program, and pack the initramfs")
        {
            suite, mirror, again, json,
        };
        build.SetAction(parse =>
        {
            GuestImage image = Build(parse.GetValue(suite)!, parse.GetValue(mirror)!, parse.GetValue(again));
            if (parse.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(image, GuestJsonContext.Default.GuestImage));
                return 0;
            }
            Console.WriteLine($"kernel     {image.Kernel}  (Linux {image.KernelRelease})");
            Console.WriteLine($"initramfs  {image.Initramfs}");
            return 0;
        });
        return new Command("guest", "Make guests to run") { build };
    }

    /// <summary>The guest of a suite, built when it must be, with progress on standard error.</summary>
    public static GuestImage Build(string suite, string mirror, bool again = false)
    {
        if (!again && GuestImage.Find(suite) is { } image)
            return image;
        if (suite.Length == 0 || suite.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.')))
            throw new Host.UserError($"'{suite}' is no name of a Debian suite (try bookworm or trixie)");
        return Progress.Show($"building the {suite} guest", progress => new GuestBuilder(suite, mirror, progress).Build(again));
    }
}
