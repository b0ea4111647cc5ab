namespace Meanwhile.Cli.Guest;

/// <summary>One process at a time makes what a folder of the cache holds. The lock goes with the file's handle, however the process ends.</summary>
internal static class CacheLock
{
    private const int PollMilliseconds = 200;

    /// <summary>Waits for the turn; dispose to end it.</summary>
    /// <param name="folder">The folder, which is there.</param>
    /// <param name="work">What another process is doing that holds it: "building the bookworm guest".</param>
    /// <param name="progress">Told once when there is something to wait for.</param>
    public static FileStream Wait(string folder, string work, Action<string> progress)
    {
        string file = Path.Combine(folder, "lock");
        for (bool told = false; ; told = true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file))
            {
                if (!told)
                    progress($"another process is {work}; waiting for it");
                Thread.Sleep(PollMilliseconds);
            }
        }
    }
}
