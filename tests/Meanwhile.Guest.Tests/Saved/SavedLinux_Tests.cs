using System.Text;
using Meanwhile.Guest.Tests.Linux;
using Meanwhile.Guest.Tests.Machines;

namespace Meanwhile.Guest.Tests.Saved;

/// <summary>Debian's kernel, taken from machine to machine while it boots, uses its disks, sleeps, and ends: to the instruction, it cannot tell.</summary>
public sealed class SavedLinux_Tests : IDisposable
{
    private const int DiskSize = 2 << 20;

    /// <summary>It is on the first disk, which a shell reads; in the end the second has changed, and everything that counts was printed.</summary>
    private const string Script = """
        md5sum /dev/vdb
        for i in 1 2 3 4; do dd if=/dev/vdb of=/dev/vdb bs=64k count=4 skip=$i seek=$((i + 20)) conv=fsync 2>/dev/null; sleep 0.01; done
        md5sum /dev/vdb
        head -c 3000 /dev/hwrng | md5sum
        head -c 300000 /dev/urandom | md5sum
        hwclock -r
        date
        cat /proc/interrupts /proc/uptime
        exit

        """;

    private readonly string folder = Directory.CreateTempSubdirectory("meanwhile-saved-").FullName;

    [Theory]
    [InlineData(LinuxGuest.Bookworm, GuestEngines.Translator, GuestEngines.Interpreter)]
    [InlineData(LinuxGuest.Trixie, GuestEngines.Translator, GuestEngines.Translator)]
    public void A_kernel_goes_on_elsewhere_to_the_instruction(string suite, string first, string second)
    {
        RunRecord expected = SavedRuns.Uninterrupted(Settings(suite) with { Engine = first });
        Assert.Contains("init: exit status 0", expected.Console, StringComparison.Ordinal);
        var random = new Random(1);
        long average = expected.Time / 40;
        RunRecord relayed = SavedRuns.Relayed(Settings(suite), _ => random.NextInt64(4, 2 * average), first, second);
        Assert.Equal(expected.Console, relayed.Console);
        Assert.Equal(expected, relayed);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>A machine with new disks. It has no async page faults: their wake-all after each restore would be an interrupt more.</summary>
    private GuestSettings Settings(string suite)
    {
        string[] disks = [Path.Combine(folder, Path.GetRandomFileName()), Path.Combine(folder, Path.GetRandomFileName())];
        var content = new byte[DiskSize];
        Encoding.ASCII.GetBytes(Script, content);
        File.WriteAllBytes(disks[0], content);
        new Random(2).NextBytes(content);
        File.WriteAllBytes(disks[1], content);
        return LinuxGuest.Settings(suite, "-- sh /dev/vda") with { Memory = 128 << 20, AsyncPageFaults = false, Disks = disks };
    }
}
