using System.Runtime.InteropServices;

namespace Meanwhile.Memory.Host;

/// <summary>The Linux system calls that guest RAM and its swap file need and the framework does not give (mmap(2), madvise(2), preadv(2)), and scheduling.</summary>
internal static unsafe partial class Libc
{
    internal const int ProtReadWrite = 1 | 2;
    internal const int MapPrivate = 0x02;
    internal const int MapAnonymous = 0x20;
    internal const int MapNoReserve = 0x4000;
    internal const int MadvDontNeed = 4;
    internal const int MadvPopulateWrite = 23;

    internal const int ReadWrite = 0x2;
    internal const int Create = 0x40;
    internal const int Exclusive = 0x80;
    internal const int CloseOnExec = 0x8_0000;

    internal const int SetStatusFlags = 4;

    internal const int CurrentDirectory = -100;
    internal const uint StatusType = 1;

    internal const int Interrupted = 4;
    internal const int InvalidArgument = 22;

    /// <summary>What mmap(2) answers instead of an address when it fails.</summary>
    internal const nint MapFailed = -1;

    /// <summary>O_DIRECT, which differs between architectures (asm/fcntl.h).</summary>
    internal static int Direct { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x1_0000 : 0x4000;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    internal static partial nint Map(nint address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    internal static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    internal static partial int Advise(nint address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    internal static partial int Truncate(int fd, long length);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    internal static partial int Allocate(int fd, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int Control(int fd, int command, int argument);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Status(int directory, string path, int flags, uint mask, void* status);

    [LibraryImport("libc", EntryPoint = "preadv", SetLastError = true)]
    internal static partial nint Read(int fd, IoVector* vectors, int count, long offset);

    [LibraryImport("libc", EntryPoint = "pwritev", SetLastError = true)]
    internal static partial nint Write(int fd, IoVector* vectors, int count, long offset);

    /// <summary>The last call's error in the system's words.</summary>
    internal static string LastErrorMessage() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct IoVector
    {
        internal nint Base;
        internal nuint Length;
    }

    [LibraryImport("libc", EntryPoint = "getpriority")]
    internal static partial int Priority(int which, int who);

    /// <summary>sched_setattr(2), which libc has no function for.</summary>
    [LibraryImport("libc", EntryPoint = "syscall")]
    internal static partial nint SetScheduling(nint call, int thread, ThreadScheduling.SchedulingAttributes* attributes, uint flags);
}
