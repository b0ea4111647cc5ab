using Meanwhile.Cli.Host;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Memory.Sources;

namespace Meanwhile.Cli.Machines;

/// <summary>Makes the swap file of a machine with a memory limit.</summary>
internal static class SwapStore
{
    /// <summary>The swap file, or null when all memory may be resident.</summary>
    /// <exception cref="UserError">It cannot be made; nothing that was there is touched.</exception>
    public static SwapFile? Open(MachineSettings settings, IClock clock)
    {
        if (settings.MemoryLimit is null && settings.Swap is not null)
            throw new UserError($"--swap: without --memory-limit nothing is swapped out to '{settings.Swap}'; give a limit, such as --memory-limit 64M");
        if (!(settings.MemoryLimit < settings.Memory))
            return null;
        string path = settings.Swap ?? Path.Combine(Path.GetTempPath(), $"meanwhile-{Environment.ProcessId}-{Guid.NewGuid():N}.swap");
        try
        {
            return new SwapFile(new SwapFileOptions { Path = path, MaximumSize = settings.Memory, Latency = settings.SwapLatency }, clock);
        }
        catch (ArgumentException) when (Path.Exists(path))
        {
            throw new UserError($"--swap: '{path}' exists already and is left alone; remove it, or name a file that does not exist");
        }
        catch (Exception error) when (error is ArgumentException or IOException)
        {
            string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
            throw new UserError(
                Directory.Exists(folder)
                    ? $"--swap: {error.Message.TrimEnd('.')}; name a file in a folder that can be written"
                    : $"--swap: there is no folder '{folder}' for swap file '{Path.GetFileName(path)}'; make it, or name another");
        }
    }
}
