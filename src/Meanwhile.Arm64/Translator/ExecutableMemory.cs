using System.Runtime.InteropServices;

namespace Meanwhile.Arm64.Translator;

/// <summary>
/// Memory for generated code, mapped twice: written through one mapping and executed through the other, so that no page is ever writable
/// and executable at one address.
/// </summary>
/// <remarks>Unsafe: both mappings have the size that was asked for and live until <see cref="Dispose"/>.</remarks>
internal sealed unsafe partial class ExecutableMemory : IDisposable
{
    // linux/mman.h
    private const int ProtRead = 1, ProtWrite = 2, ProtExec = 4, MapShared = 1, MapAnonymous = 0x20, MremapMayMove = 1;

    /// <summary>Maps <paramref name="size"/> bytes, which the host commits as they are used.</summary>
    /// <exception cref="InvalidOperationException">The host refuses.</exception>
    public ExecutableMemory(nint size)
    {
        Size = size;
        // Shared anonymous memory, not a memfd: perf looks for names of its code in the perf map only then.
        void* writable = Mmap(null, (nuint)size, ProtRead | ProtWrite, MapShared | MapAnonymous, -1, 0);
        if (writable == Failed)
            throw Refused("mmap");
        Writable = (byte*)writable;
        // An old size of 0 maps shared memory a second time (mremap(2)).
        void* executable = Mremap(writable, 0, (nuint)size, MremapMayMove);
        if (executable == Failed)
            throw Refused("mremap");
        Executable = (byte*)executable;
        if (Mprotect(executable, (nuint)size, ProtRead | ProtExec) != 0)
            throw Refused("mprotect");
    }

    private static void* Failed => (void*)-1;

    /// <summary>Bytes.</summary>
    public nint Size { get; }

    /// <summary>First byte of the mapping to write through.</summary>
    public byte* Writable { get; private set; }

    /// <summary>First byte of the mapping to execute.</summary>
    public byte* Executable { get; private set; }

    /// <summary>Address of the executable mapping minus that of the writable one.</summary>
    public nint Offset => (nint)Executable - (nint)Writable;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Writable is not null)
            _ = Munmap(Writable, (nuint)Size);
        if (Executable is not null)
            _ = Munmap(Executable, (nuint)Size);
        Writable = null;
        Executable = null;
    }

    private InvalidOperationException Refused(string call)
    {
        string reason = Marshal.GetLastPInvokeErrorMessage();
        Dispose();
        return new($"No memory for translated code: {call}: {reason}");
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Mmap(void* address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "mremap", SetLastError = true)]
    private static partial void* Mremap(void* oldAddress, nuint oldSize, nuint newSize, int flags);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Mprotect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Munmap(void* address, nuint length);
}
