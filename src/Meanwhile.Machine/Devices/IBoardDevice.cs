using Meanwhile.Hypervisor.Devices;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Machine.Devices;

/// <summary>
/// A device of the board. All have the same shape: registers (<see cref="IMmioDevice"/>), host-side events, statistics, reset, saved state.
/// </summary>
public interface IBoardDevice : IMmioDevice, IStateSection
{
    /// <summary>Name in reports, such as <c>pl011</c> or <c>virtio-blk0</c>.</summary>
    string Name { get; }

    string IStateSection.SectionName => Name;

    /// <summary>Puts the device into its power-on state. No vCPU runs meanwhile.</summary>
    void Reset();

    /// <summary>Counts since power-on, in the order reports show them. Any thread.</summary>
    IEnumerable<DeviceStatistic> Statistics { get; }
}

/// <summary>One count of a device.</summary>
/// <param name="Name">What is counted, such as <c>bytes-read</c>.</param>
/// <param name="Value">The count.</param>
public readonly record struct DeviceStatistic(string Name, long Value);
