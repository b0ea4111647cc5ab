using System.Runtime.InteropServices;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64.Tests;

/// <summary>A few MiB of RAM at <see cref="Base"/>; every other physical address is a device's.</summary>
public sealed unsafe class FlatMemory : IPhysicalMemory, IDisposable
{
    public const ulong Base = 0x4000_0000;

    private byte* host;

    public FlatMemory(int size)
    {
        Size = size;
        host = (byte*)NativeMemory.AlignedAlloc((nuint)size, 4096);
        NativeMemory.Clear(host, (nuint)size);
    }

    public int Size { get; }

    /// <summary>Page addresses that answer "not present".</summary>
    public HashSet<ulong> Absent { get; } = [];

    public byte* Host(ulong physicalAddress)
    {
        Assert.InRange(physicalAddress, Base, Base + (ulong)Size - 1);
        return host + (physicalAddress - Base);
    }

    public PhysicalPage Resolve(ulong physicalAddress, bool forWrite)
    {
        ulong page = physicalAddress & ~0xFFFUL;
        if (page < Base || page >= Base + (ulong)Size)
            return new PhysicalPage(PhysicalPageKind.Mmio, null, false);
        return Absent.Contains(page)
            ? new PhysicalPage(PhysicalPageKind.NotPresent, null, false)
            : new PhysicalPage(PhysicalPageKind.Ram, host + (page - Base), true);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(host);
        host = null;
    }
}
