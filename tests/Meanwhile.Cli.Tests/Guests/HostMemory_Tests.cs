using System.Runtime.InteropServices;
using System.Text.Json;
using Meanwhile.Cli.Machines;

namespace Meanwhile.Cli.Tests.Guests;

/// <summary>What the monitor uses of the host beside guest RAM and the code cache.</summary>
public sealed unsafe class HostMemory_Tests : IDisposable
{
    private const long Mebibyte = 1 << 20;
    private const string LargePages = "/sys/kernel/mm/transparent_hugepage/enabled";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void After_a_boot_of_Debians_kernel_it_is_less_than_150_MiB()
    {
        using CommandProcess guest = CommandProcess.Meanwhile(
            "run", "--clock", "virtual", "--memory", "512M", "--stats", folder.File("stats"), "--append", "-- testsuite mem --percent 25 --passes 1");
        Assert.Equal(0, guest.WaitForExit());

        using JsonDocument stats = JsonDocument.Parse(File.ReadAllBytes(folder.File("stats")));
        JsonElement memory = stats.RootElement.GetProperty("hostMemory");
        // A quarter of what the guest had available, and all that its kernel touched; never more than it has.
        Assert.InRange(memory.GetProperty("guestRam").GetInt64(), 100 * Mebibyte, 512 * Mebibyte);
        Assert.InRange(memory.GetProperty("codeCache").GetInt64(), 1 * Mebibyte, 128 * Mebibyte);
        Assert.InRange(memory.GetProperty("own").GetInt64(), 1 * Mebibyte, 150 * Mebibyte);
    }

    [Fact]
    public void Pages_that_were_written_are_counted_and_those_that_were_only_read_are_not()
    {
        const int Pages = 4096, Written = 100, Read = 50;
        nuint page = (nuint)Environment.SystemPageSize;
        // Safe: it is accessed within its size only, and freed after the last access. So large that the allocator takes fresh memory for it.
        byte* memory = (byte*)NativeMemory.AlignedAlloc(Pages * page, page);
        byte sum = 0;
        for (nuint i = 0; i < Written; i++)
            memory[i * page] = 1;
        for (nuint i = Written; i < Written + Read; i++)
            sum |= Volatile.Read(ref memory[i * page]);
        long resident = HostMemory.Resident((nint)memory, Pages * (long)page, 1UL << 63 | 1UL << 56);
        NativeMemory.AlignedFree(memory);

        Assert.Equal(0, sum);
        // Where the host gives large pages unasked, the first touches bring one or two of 2 MiB.
        bool largePages = File.Exists(LargePages) && File.ReadAllText(LargePages).Contains("[always]", StringComparison.Ordinal);
        Assert.InRange(resident, Written * (long)page, largePages ? Math.Max(2 * (2 * Mebibyte), Written * (long)page) : Written * (long)page);
    }

    [Fact]
    public void The_sum_is_read_in_bytes() =>
        Assert.Equal(210740L << 10, HostMemory.ResidentOf(["55e6bcd13000-7ffeb009c000 ---p 00000000 00:00 0  [rollup]", "Rss:              210740 kB", "Pss:  5 kB"]));
}
