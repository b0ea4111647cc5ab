using Meanwhile.Cli.Tests.Guests;

namespace Meanwhile.Cli.Tests.Commands;

/// <summary>What a user gets wrong: one line that names it and says what to do, exit code 2, and nothing is lost.</summary>
public sealed class BadInput_Tests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("kernel '{0}/missing' does not exist; check the path", "--kernel", "{0}/missing")]
    [InlineData("kernel '{0}' cannot be read: it is a directory", "--kernel", "{0}")]
    [InlineData("kernel '{0}/truncated' is truncated", "--kernel", "{0}/truncated")]
    [InlineData("kernel '{0}/x86-program' is an x86 ELF file, not an arm64 kernel; give an arm64 Image", "--kernel", "{0}/x86-program")]
    [InlineData("kernel '{0}/x86-kernel' is an x86 bzImage, not an arm64 kernel; give an arm64 Image", "--kernel", "{0}/x86-kernel")]
    [InlineData("initrd '{0}/large' (64 MiB) does not fit", "--memory", "32M", "--initrd", "{0}/large")]
    [InlineData("initrd '{0}/missing' does not exist", "--initrd", "{0}/missing")]
    [InlineData("--swap: '{0}/precious' exists already and is left alone; remove it", "--memory-limit", "64M", "--swap", "{0}/precious")]
    [InlineData("--swap: there is no folder '{0}/missing' for swap file 'swap'; make it", "--memory-limit", "64M", "--swap", "{0}/missing/swap")]
    [InlineData("--swap: Swap file /sys/swap cannot be opened", "--memory-limit", "64M", "--swap", "/sys/swap")]
    [InlineData("--swap: without --memory-limit nothing is swapped out to '{0}/swap'", "--swap", "{0}/swap")]
    [InlineData("--swap-latency: '-1ms' is no time (try 1ms or 200us)", "--memory-limit", "64M", "--swap-latency", "-1ms")]
    [InlineData("--swap-latency: '-1ms' is no time (try 1ms or 200us)", "--memory-limit", "64M", "--swap-latency=-1ms")]
    [InlineData("--memory-limit: 65536 bytes are too few; the smallest limit is 4M", "--memory-limit", "64K")]
    [InlineData("--memory-limit: '0' is no size (try 512M or 4G)", "--memory-limit", "0")]
    [InlineData("--memory: '0' is no size (try 512M or 4G)", "--memory", "0")]
    [InlineData("--memory: 'plenty' is no size (try 512M or 4G)", "--memory", "plenty")]
    [InlineData("--memory: '-5' is no size (try 512M or 4G)", "--memory", "-5")]
    [InlineData("--memory: '99999999999999999999G' is no size (try 512M or 4G)", "--memory", "99999999999999999999G")]
    [InlineData("--memory: 900000G is more than a machine can have; give at most 1024G", "--memory", "900000G")]
    [InlineData("--memory: 1047552M is more than this host's ", "--memory", "1023G")]
    [InlineData("disk '{0}/missing' does not exist; check the path", "--disk", "{0}/missing")]
    [InlineData("--disk: '{0}' is no disk; name a raw disk image", "--disk", "{0}")]
    [InlineData("disk '{0}/precious' cannot be used: it is 8 bytes long", "--disk", "{0}/precious")]
    [InlineData("--count: what is counted is written by --stats FILE, which is missing", "--count")]
    [InlineData("--stats: '{0}/missing/stats' cannot be written", "--stats", "{0}/missing/stats")]
    [InlineData("--trace: '{0}/missing/trace' cannot be written", "--trace", "{0}/missing/trace")]
    public void Run_names_the_mistake_in_one_line(string message, params string[] arguments)
    {
        PrepareFiles();
        string[] own = [.. arguments.Select(InFolder)];
        string[] kernel = own.Contains("--kernel") ? [] : ["--kernel", folder.File("kernel")];
        using CommandProcess command = CommandProcess.Meanwhile(["run", .. kernel, .. own]);

        int exit = command.WaitForExit();

        Assert.StartsWith("meanwhile: " + InFolder(message), command.Errors, StringComparison.Ordinal);
        Assert.Single(command.Errors.TrimEnd('\n').Split('\n'));
        Assert.Equal("", command.Output);
        Assert.Equal(2, exit);
        Assert.Equal("precious"u8, File.ReadAllBytes(folder.File("precious")));
    }

    [Theory]
    [InlineData("Unrecognized command or argument '--colour'", "run", "--colour")]
    [InlineData("Unrecognized command or argument 'fly'", "fly")]
    [InlineData("--async-page-faults: 'maybe' is not possible; give one of: on, off", "run", "--async-page-faults", "maybe")]
    [InlineData("--clock: 'lunar' is not possible; give one of: real, virtual", "run", "--clock", "lunar")]
    [InlineData("Required argument missing for option: '--memory'", "run", "--memory")]
    public void Words_that_the_command_does_not_know_are_named_and_help_is_offered(string message, params string[] arguments)
    {
        using CommandProcess command = CommandProcess.Meanwhile(arguments);

        int exit = command.WaitForExit();

        Assert.Contains("meanwhile: " + message, command.Errors, StringComparison.Ordinal);
        Assert.EndsWith("\nTry 'meanwhile --help'.\n", command.Errors, StringComparison.Ordinal);
        Assert.Equal(2, exit);
    }

    [Fact]
    public void A_run_without_mistakes_leaves_no_swap_file()
    {
        PrepareFiles();
        using CommandProcess command = CommandProcess.Meanwhile(
            "run", "--kernel", folder.File("kernel"), "--memory-limit", "64M", "--swap", folder.File("swap"), "--swap-latency", "1ms");

        Assert.Equal(0, command.WaitForExit());
        Assert.Equal("", command.Errors);
        Assert.False(File.Exists(folder.File("swap")));
    }

    private string InFolder(string text) => text.Replace("{0}", folder.Path, StringComparison.Ordinal);

    private void PrepareFiles()
    {
        folder.Write("kernel", FlatPrograms.PowerOff);
        folder.Write("truncated", FlatPrograms.TruncatedLinuxImage);
        folder.Write("precious", "precious"u8.ToArray());
        File.Copy(Environment.ProcessPath!, folder.File("x86-program"));
        byte[] bzImage = new byte[0x1000];
        "HdrS"u8.CopyTo(bzImage.AsSpan(0x202)); // Documentation/arch/x86/boot.rst
        folder.Write("x86-kernel", bzImage);
        using FileStream large = File.Create(folder.File("large"));
        large.SetLength(64 << 20);
    }
}
