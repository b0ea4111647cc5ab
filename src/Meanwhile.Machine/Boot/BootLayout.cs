namespace Meanwhile.Machine.Boot;

/// <summary>
/// Where things go in RAM. The device tree is at its start, where programs for QEMU's board look for it; then the kernel; then the initial
/// RAM
/// disk, out of the way of what a kernel does near itself early on.
/// </summary>
/// <param name="Kernel">Byte offset of the kernel, which is its entry.</param>
/// <param name="Initrd">Byte offset of the initial RAM disk; 0 without one.</param>
internal readonly record struct BootLayout(long Kernel, long Initrd)
{
    private const long InitrdAlignment = 0x20_0000;
    private const long InitrdPreferred = 128L << 20;

    /// <summary>Byte offset of the device tree.</summary>
    public const long DeviceTree = 0;

    /// <summary>Finds places.</summary>
    /// <exception cref="BootException">RAM is too small.</exception>
    public static BootLayout Place(KernelImage kernel, string? initrdPath, long initrdSize, long ramSize)
    {
        long kernelEnd = kernel.Offset + kernel.MemorySize;
        if (kernelEnd > ramSize)
            throw new BootException(
                $"kernel '{kernel.Path}' needs {MiB(kernelEnd)} MiB of memory, the machine has {MiB(ramSize)}; give it more memory");
        if (initrdPath is null)
            return new BootLayout(kernel.Offset, 0);

        // booting.rst: kernel and initrd within a window of 32 GiB, which holds for any RAM that starts with the kernel.
        long lowest = AlignUp(kernelEnd);
        long start = Math.Max(lowest, AlignUp(Math.Min(InitrdPreferred, ramSize / 2)));
        if (initrdSize > ramSize - start)
            start = lowest;
        if (initrdSize > ramSize - start)
        {
            throw new BootException(
                $"initrd '{initrdPath}' ({MiB(initrdSize)} MiB) does not fit behind the kernel: "
                + $"with it the machine needs at least {MiB(lowest + initrdSize)} MiB of memory, "
                + $"it has {MiB(ramSize)}; give it more memory");
        }

        return new BootLayout(kernel.Offset, start);
    }

    private static long AlignUp(long value) => (value + InitrdAlignment - 1) & -InitrdAlignment;

    private static long MiB(long bytes) => (bytes + (1 << 20) - 1) >> 20;
}
