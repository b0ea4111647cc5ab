using Meanwhile.Cli.Host;
using Meanwhile.Machine.Board;
using Meanwhile.Memory;

namespace Meanwhile.Cli.Machines;

/// <summary>Refuses machines that cannot be, or would only fail later and worse, before anything is made.</summary>
internal static class SettingsCheck
{
    // A kernel's own records of its memory take 1/64 of it.
    private const long LargestMemory = 1L << 40;

    /// <summary>Checks the user's settings.</summary>
    /// <exception cref="UserError">Names the option and what to do.</exception>
    public static void Check(MachineSettings settings)
    {
        if (settings is { IsIncoming: true, VirtualClock: true })
            throw new UserError("--incoming needs --clock real: sockets have times of their own, which the virtual clock cannot repeat");
        CheckMemory(settings.Memory, settings.MemoryLimit);
        foreach (DiskOptions disk in settings.Disks)
        {
            if (disk.Path.Length == 0 || Directory.Exists(disk.Path))
                throw new UserError($"--disk: '{disk.Path}' is no disk; name a raw disk image (truncate -s 1G FILE makes an empty one)");
        }
    }

    // More than the host has would not fail at once, but when the guest touches it: the host would then end a process of its choice.
    private static void CheckMemory(long memory, long? limit)
    {
        if (limit < GuestRamOptions.MinimumResidentLimit)
            throw new UserError($"--memory-limit: {limit} bytes are too few; the smallest limit is {GuestRamOptions.MinimumResidentLimit >> 20}M");
        if (memory > LargestMemory)
            throw new UserError($"--memory: {memory >> 30}G is more than a machine can have; give at most {LargestMemory >> 30}G");
        long host = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (Math.Min(memory, limit ?? memory) > host)
            throw new UserError($"--memory: {memory >> 20}M is more than this host's {host >> 20}M; give less, or a --memory-limit");
    }
}
