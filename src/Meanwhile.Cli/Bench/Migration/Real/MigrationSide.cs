using System.Globalization;
using Meanwhile.Cli.Bench.Guests;
using Meanwhile.Cli.Guest;
using Meanwhile.Cli.Machines;

namespace Meanwhile.Cli.Bench.Migration.Real;

/// <summary>The guest that moves.</summary>
/// <param name="Kernel">Path of its kernel.</param>
/// <param name="Initrd">Path of its initial RAM disk (<see cref="MigrationImage"/>).</param>
/// <param name="MemoryMiB">Guest RAM.</param>
/// <param name="IsScattered">Its program goes through memory in leaps, not page after page.</param>
internal sealed record MovingGuest(string Kernel, string Initrd, int MemoryMiB, bool IsScattered)
{
    /// <summary>What is left to the kernel, its file system, and what it keeps free.</summary>
    public const int OthersMiB = 205;

    /// <summary>How much of its RAM the guest's program checks and writes.</summary>
    public int WorkMiB => MemoryMiB - OthersMiB;

    /// <summary>Words for the kernel.</summary>
    public string Words => string.Create(
        CultureInfo.InvariantCulture, $"quiet mitigations=off kpti=off -- {MigrationImage.Program} {WorkMiB} {(IsScattered ? "scattered" : "sequential")}");
}

/// <summary>Whose migration is measured: that of this program, or of the one it is compared with.</summary>
/// <param name="Name">For messages and tables.</param>
/// <param name="Description">The program and its version.</param>
/// <param name="Preempts">Pages that are asked for go over a connection of their own: postcopy-preempt.</param>
/// <param name="Command">The command of a machine with its monitor on this socket; the second value: it waits for a guest to come in.</param>
internal sealed record MigrationSide(string Name, string Description, bool Preempts, Func<string, bool, IReadOnlyList<string>> Command)
{
    /// <summary>Our side's name.</summary>
    public const string OursName = "ours";

    /// <summary>This program.</summary>
    public static MigrationSide Ours(MovingGuest guest, string engine) => new(
        OursName,
        $"meanwhile, {engine}",
        Preempts: true,
        (socket, isIncoming) =>
        [
            .. BenchSide.OwnProgram(), "run", "--engine", engine, "--memory", $"{guest.MemoryMiB}M", "--clock", "real", "--qmp", socket,
            "--kernel", guest.Kernel, "--initrd", guest.Initrd, "--append", guest.Words, .. isIncoming ? (string[])["--incoming", "defer"] : [],
        ]);

    /// <summary>QEMU, with its own translator.</summary>
    public static MigrationSide Peer(MovingGuest guest, Qemu qemu, bool preempts) => new(
        preempts ? "peer" : "peer, no preempt",
        qemu.Version,
        preempts,
        (socket, isIncoming) =>
        [
            .. qemu.Command, "-M", "virt,gic-version=3", "-cpu", "cortex-a76", "-smp", "1", "-m", $"{guest.MemoryMiB}", "-accel", "tcg", "-nic", "none",
            "-display", "none", "-serial", "stdio", "-monitor", "none", "-qmp", $"unix:{socket},server=on,wait=off",
            "-kernel", guest.Kernel, "-initrd", guest.Initrd, "-append", GuestCommandLine.With(guest.Words), .. isIncoming ? (string[])["-incoming", "defer"] : [],
        ]);
}
