using System.Runtime.InteropServices;

namespace Meanwhile.Migration.Host;

/// <summary>Linux system calls that the framework does not give: those that make a file's new name last (fsync(2), NOTES).</summary>
internal static partial class Libc
{
    internal const int ReadOnly = 0;
    internal const int CloseOnExec = 0x8_0000;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Synchronize(int fd);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int fd);
}
