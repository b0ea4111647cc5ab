using Meanwhile.Hypervisor.Arm64.AsyncPageFaults;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Machine.Board;
using Meanwhile.Machine.Devices;
using Meanwhile.Memory;

namespace Meanwhile.Migration.Tests.State;

/// <summary>A board with every kind of device, 16 MiB of RAM, and a virtual clock.</summary>
internal sealed class SmallMachine : IDisposable
{
    public const ulong Code = MemoryMap.Ram;
    private const long DiskSize = 1 << 20;

    private readonly string disk = Path.GetTempFileName();

    public SmallMachine(Func<VirtMachineOptions, VirtMachineOptions>? change = null, long diskSize = DiskSize, bool asyncPageFaults = true)
    {
        using (FileStream file = File.Create(disk))
            file.SetLength(diskSize);
        var options = new VirtMachineOptions
        {
            Memory = new GuestRamOptions { Size = 16 << 20 },
            Clock = Clock,
            Kernel = "",
            Console = new NoConsole(),
            VirtioConsole = new NoConsole(),
            Disks = [new DiskOptions(disk)],
            HasPowerButton = true,
            HasGenerationId = true,
        };
        Board = new VirtMachine(change?.Invoke(options) ?? options);
        if (asyncPageFaults)
            Arm64AsyncPageFaults.Attach(Board.Hypervisor);
    }

    public VirtualClock Clock { get; } = new();

    public VirtMachine Board { get; }

    public void Dispose()
    {
        Board.Dispose();
        File.Delete(disk);
    }

    private sealed class NoConsole : IConsoleBackend
    {
        public void Write(ReadOnlySpan<byte> output)
        {
        }
    }
}
