using System.Runtime.InteropServices;

namespace Meanwhile.Arm64.Translator;

/// <summary>
/// Memory for generated code, mapped twice: written through one mapping and executed through the other, so that no page is ever writable
/// and executable at one address.
/// </summary>
/// <remarks>Unsafe: both mappings have the size that was asked for and live until <see cref="Dispose"/>.</remarks>
internal sealed unsafe partial class ExecutableMemory : IDisposable
{
    // linux/mman.h, linux/memfd.h
    private const int ProtRead = 1, ProtWrite = 2, ProtExec = 4, MapShared = 1;
    private const uint MfdCloexec = 1;

    /// <summary>Maps <paramref name="size"/> bytes, which the host commits as they are used.</summary>
    /// <exception cref="InvalidOperationException">The host refuses.</exception>
    public ExecutableMemory(nint size)
    {
        Size = size;
        int file = MemfdCreate("meanwhile-code", MfdCloexec);
        if (file < 0)
            throw Refused("memfd_create");
        try
        {
            if (Ftruncate(file, size) != 0)
                throw Refused("ftruncate");
            Writable = Map(file, ProtRead | ProtWrite);
            Executable = Map(file, ProtRead | ProtExec);
        }
        finally
        {
            _ = Close(file);
        }
    }

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
        if (Writable is null)
            return;
        _ = Munmap(Writable, (nuint)Size);
        _ = Munmap(Executable, (nuint)Size);
        Writable = null;
        Executable = null;
    }

    private static InvalidOperationException Refused(string call) =>
        new($"No memory for translated code: {call}: {Marshal.GetLastPInvokeErrorMessage()}");

    private byte* Map(int file, int protection)
    {
        void* address = Mmap(null, (nuint)Size, protection, MapShared, file, 0);
        return address == (void*)-1 ? throw Refused("mmap") : (byte*)address;
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemfdCreate(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int Ftruncate(int file, long length);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Mmap(void* address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Munmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);
}
