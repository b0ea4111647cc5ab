using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Meanwhile.Arm64;
using Meanwhile.Memory;

namespace Meanwhile.Cli.Machines;

/// <summary>Memory of the host that this process has, in bytes, by what it is for.</summary>
/// <param name="GuestRam">Guest RAM.</param>
/// <param name="CodeCache">Translated code with what its handlers need, or decoded instructions.</param>
/// <param name="Own">The rest: the monitor itself, with the framework's runtime and libraries.</param>
internal sealed record HostMemory(long GuestRam, long CodeCache, long Own)
{
    private const string Name = "hostMemory";

    // Documentation/admin-guide/mm/pagemap.rst.
    private const string PageMap = "/proc/self/pagemap";
    private const ulong Present = 1UL << 63;
    private const ulong Exclusive = 1UL << 56;

    /// <summary>What this process has now.</summary>
    public static unsafe HostMemory Of(MachineSession session)
    {
        GuestRam ram = session.Machine.Ram;
        // Private memory that was only read is the zero page, which is nobody's and not part of the sum; it is never exclusive.
        long guestRam = Resident((nint)ram.HostAddress(0), ram.Size, Present | Exclusive);
        long code = 0, aliases = 0;
        // Engines that share a cache name the same ranges.
        foreach (HostRange range in session.Machine.Hypervisor.Vcpus.SelectMany(vcpu => vcpu.Engine.CodeRanges).Distinct())
        {
            long resident = Resident(range.Address, range.Size, Present);
            code += range.IsAlias ? 0 : resident;
            // The kernel counts a page for each mapping.
            aliases += range.IsAlias ? resident : 0;
        }
        long all = ResidentOf(File.ReadAllLines("/proc/self/smaps_rollup"));
        return new HostMemory(guestRam, code, all - guestRam - code - aliases);
    }

    /// <summary>Writes them as an object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject(Name);
        json.WriteNumber("guestRam", GuestRam);
        json.WriteNumber("codeCache", CodeCache);
        json.WriteNumber("own", Own);
        json.WriteEndObject();
    }

    /// <summary>The rest, out of the statistics that <see cref="MachineStatistics"/> wrote to a file.</summary>
    public static long ReadOwn(string file)
    {
        using JsonDocument statistics = JsonDocument.Parse(File.ReadAllBytes(file));
        return statistics.RootElement.GetProperty(Name).GetProperty("own").GetInt64();
    }

    /// <summary>The sum of all mappings in bytes, "Rss:  210740 kB" (proc_pid_smaps(5)).</summary>
    internal static long ResidentOf(IEnumerable<string> rollup)
    {
        string line = rollup.First(line => line.StartsWith("Rss:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }

    /// <summary>Bytes of the whole pages in a range of this process that are in memory.</summary>
    /// <param name="address">Where it begins.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="flags">What a page's entry must have.</param>
    internal static long Resident(nint address, long size, ulong flags)
    {
        const int EntriesAtOnce = 1 << 16;
        long page = Environment.SystemPageSize, first = address / page, end = (address + size + page - 1) / page, count = 0;
        using FileStream map = new(PageMap, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        map.Position = first * sizeof(ulong);
        ulong[] entries = new ulong[Math.Min(EntriesAtOnce, end - first)];
        while (first < end)
        {
            Span<ulong> some = entries.AsSpan(0, (int)Math.Min(entries.Length, end - first));
            map.ReadExactly(MemoryMarshal.AsBytes(some));
            foreach (ulong entry in some)
                count += (entry & flags) == flags ? 1 : 0;
            first += some.Length;
        }
        return count * page;
    }
}
