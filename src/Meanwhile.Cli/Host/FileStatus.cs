using System.Runtime.InteropServices;

namespace Meanwhile.Cli.Host;

/// <summary>What kind of thing a path leads to, which the framework does not tell for sockets.</summary>
internal static unsafe partial class FileStatus
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint Type = 1; // STATX_TYPE
    private const ushort TypeMask = 0xF000; // S_IFMT
    private const ushort Socket = 0xC000; // S_IFSOCK

    // struct statx is the same on all processors (linux/stat.h).
    private const int StatusSize = 256;
    private const int ModeOffset = 28;

    /// <summary>The path is that of a socket, and no link to one.</summary>
    public static bool IsSocket(string path)
    {
        // The buffer is as large as what the kernel writes.
        byte* status = stackalloc byte[StatusSize];
        return StatX(CurrentFolder, path, NoFollow, Type, status) == 0 && (*(ushort*)(status + ModeOffset) & TypeMask) == Socket;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, byte* status);
}
