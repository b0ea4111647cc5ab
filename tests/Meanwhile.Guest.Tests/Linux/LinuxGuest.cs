using Meanwhile.Guest.Tests.Machines;
using Meanwhile.Hypervisor;

namespace Meanwhile.Guest.Tests.Linux;

/// <summary>
/// Debian's kernel with the initial RAM disk that <c>meanwhile guest build</c> makes: busybox, the apf module, the test program. Words after
/// <c>--</c> on the command line are run as a command, after which the guest powers off.
/// </summary>
internal static class LinuxGuest
{
    /// <summary>Linux 6.1.</summary>
    public const string Bookworm = "bookworm";

    /// <summary>Linux 6.12.</summary>
    public const string Trixie = "trixie";

    /// <summary>The prompt of the guest's shell.</summary>
    public const string Prompt = "# ";

    private const string Defaults = "console=ttyAMA0 panic=-1 reboot=panic_warm";

    /// <summary>A machine of a suite's guest; more words for its command line.</summary>
    /// <exception cref="FileNotFoundException">The guest was not built.</exception>
    public static GuestSettings Settings(string suite, string append = "") => new()
    {
        Kernel = File(suite, "vmlinuz"),
        Initrd = File(suite, "initramfs.cpio.gz"),
        CommandLine = $"{Defaults} {append}".TrimEnd(),
        Memory = 256 << 20,
        Bound = 600_000_000_000,
    };

    /// <summary>The same with a part of its memory resident, swap a millisecond away.</summary>
    public static GuestSettings Swapping(string suite, string append) =>
        Settings(suite, append) with { Memory = 96 << 20, Limit = 32 << 20, Latency = 1_000_000 };

    /// <summary>Boots a machine, runs it to its end and disposes it.</summary>
    public static LinuxRun Run(GuestSettings settings, params (string When, string Type)[] typed)
    {
        using var machine = new GuestMachine(settings);
        foreach ((string when, string type) in typed)
            machine.TypeWhen(when, type);
        RunOutcome outcome = machine.RunOnce();
        return new LinuxRun(
            outcome,
            machine.Console.Text,
            machine.Vcpu.Engine.InstructionsRetired,
            machine.Time,
            settings.AsyncPageFaults ? machine.AsyncPageFaults : null,
            machine.Board.Ram.Statistics())
        {
            AsyncPageFaultsByVcpu = machine.AsyncPageFaultsByVcpu,
        };
    }

    private static string File(string suite, string name)
    {
        string path = Path.Combine(Cache(), "guests", suite, name);
        return System.IO.File.Exists(path)
            ? path
            : throw new FileNotFoundException($"'{path}' is missing: run './meanwhile guest build --suite {suite}' once (./test does).");
    }

    // As the CLI finds it.
    private static string Cache() => Environment.GetEnvironmentVariable("MEANWHILE_CACHE") is { Length: > 0 } own ? own
        : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } shared ? Path.Combine(shared, "meanwhile")
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "meanwhile");
}
