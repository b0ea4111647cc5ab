using System.Globalization;
using Meanwhile.Cli.Machines;

namespace Meanwhile.Cli.Bench.Guests;

/// <summary>What runs the workloads: this program, the one it is compared with, or the host's processor. Each run is a process of its own.</summary>
/// <param name="Name">For messages: "ours", "peer", "native".</param>
/// <param name="Description">The program and its version.</param>
/// <param name="Command">The whole command of one of a plan's runs.</param>
/// <param name="StatisticsFile">Where it writes its counters when a guest ends (<see cref="MachineStatistics"/>), or null.</param>
internal sealed record BenchSide(string Name, string Description, Func<BootPlan, IReadOnlyList<string>> Command, string? StatisticsFile = null)
{
    /// <summary>Guest RAM in MiB.</summary>
    public const int MemoryMiB = 1024;

    // The address of the board's PL011. An early console is there to take the time of the kernel's first line: without it nothing is printed
    // until the UART's driver is there, and "quiet", which comes after it, keeps all lines but the first few from being printed.
    // "mitigations=off kpti=off": which of them a kernel uses depends on the model of the core, and both sides are to run the same code. Page
    // table isolation above all: a kernel at a random address wants it on a Cortex-A76 and not on a core with FEAT_E0PD, which ours is, and
    // it makes a system call eight times as long in QEMU (docs/performance.md).
    private const string KernelWords = "earlycon=pl011,0x9000000 quiet mitigations=off kpti=off";

    /// <summary>This program.</summary>
    /// <param name="kernel">Path of the guest's kernel.</param>
    /// <param name="engine">A value of <c>--engine</c>.</param>
    /// <param name="cpus">Virtual CPUs.</param>
    /// <param name="statisticsFile">Where it is to write its counters, or null.</param>
    public static BenchSide Ours(string kernel, string engine, int cpus = 1, string? statisticsFile = null) => new(
        "ours",
        $"meanwhile, {engine}",
        plan =>
        [
            .. OwnProgram(), "run", "--engine", engine, "--memory", $"{MemoryMiB}M", "--cpus", cpus.ToString(CultureInfo.InvariantCulture), "--clock", "real",
            .. statisticsFile is null ? [] : (string[])["--stats", statisticsFile],
            "--kernel", kernel, "--initrd", plan.Initrd, "--append", Words(plan),
        ],
        statisticsFile);

    /// <summary>QEMU, with its own translator.</summary>
    /// <param name="kernel">Path of the guest's kernel.</param>
    /// <param name="qemu">The program.</param>
    public static BenchSide Peer(string kernel, Qemu qemu) => new(
        "peer",
        qemu.Version,
        plan =>
        [
            .. qemu.Command, "-M", "virt,gic-version=3", "-cpu", "cortex-a76", "-smp", "1", "-m", $"{MemoryMiB}", "-nographic", "-accel", "tcg",
            "-nic", "none", "-no-reboot", "-kernel", kernel, "-initrd", plan.Initrd, "-append", GuestCommandLine.With(Words(plan)),
        ]);

    /// <summary>The host's own processor and kernel, in the plan's native root.</summary>
    public static BenchSide Native() => new(
        "native",
        HostProcessor.Description(),
        plan => ["unshare", "--mount", "sh", Path.Combine(plan.NativeRoot!, "bench", "native"), plan.NativeRoot!, .. Scripts(plan)]);

    /// <summary>Words for the kernel that make the guest run the workloads of a plan and power off.</summary>
    public static string Words(BootPlan plan) =>
        string.Join(' ', (IEnumerable<string>)[KernelWords, .. plan.MoreWords.Length == 0 ? [] : (string[])[plan.MoreWords], "--", "/bench/run", .. Scripts(plan)]);

    /// <summary>A command as a shell takes it.</summary>
    public static string Quote(IEnumerable<string> command) =>
        string.Join(' ', command.Select(word => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "_@%+=:,./-".Contains(c, StringComparison.Ordinal)) ? word : $"'{word}'"));

    /// <summary>The words after "bench/run".</summary>
    private static IEnumerable<string> Scripts(BootPlan plan) =>
    [
        .. plan.Processes == 1 ? [] : (string[])["-p", plan.Processes.ToString(CultureInfo.InvariantCulture)],
        .. plan.Workloads.Where(workload => workload != Workload.Boot).Select(workload => workload.Name),
    ];

    /// <summary>The words this program is started with.</summary>
    internal static string[] OwnProgram()
    {
        string program = Environment.ProcessPath!;
        return Path.GetFileName(program) == "dotnet" ? [program, Path.Combine(AppContext.BaseDirectory, "meanwhile.dll")] : [program];
    }
}
