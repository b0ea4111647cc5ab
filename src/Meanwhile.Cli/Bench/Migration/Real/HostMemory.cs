using System.Runtime.InteropServices;
using Meanwhile.Memory;

namespace Meanwhile.Cli.Bench.Migration.Real;

/// <summary>The memory of this host, which may be a virtual machine itself.</summary>
internal static unsafe class HostMemory
{
    /// <summary>
    /// Uses so much memory and gives it back, so that who wants memory in the next second gets what is there. A host that is a virtual machine gives free memory
    /// back to its own host (free page reporting), and a migration without a limit, which wants a page each 3 microseconds, would measure how fast it comes again.
    /// </summary>
    public static void Touch(long bytes)
    {
        byte* memory = (byte*)NativeMemory.Alloc((nuint)bytes);
        // Within what was allocated.
        for (long at = 0; at < bytes; at += GuestRam.PageSize)
            Volatile.Write(ref memory[at], 1);
        NativeMemory.Free(memory);
    }
}
