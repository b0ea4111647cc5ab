using Meanwhile.Cli.Monitor.Qmp;
using Meanwhile.Hypervisor.AsyncPageFaults;

namespace Meanwhile.Cli.Monitor;

/// <summary>What a monitor needs of a machine. Any thread.</summary>
internal interface IMachineControl
{
    /// <summary>What it is doing.</summary>
    RunState State { get; }

    /// <summary>Told on the thread on which it happens, which must not be held up.</summary>
    event Action<MachineEvent>? Happened;

    /// <summary>Its vCPUs.</summary>
    IReadOnlyList<VcpuInformation> Vcpus { get; }

    /// <summary>Guest RAM in bytes.</summary>
    long MemorySize { get; }

    /// <summary>Holds the guest between two instructions; nothing when it is held already.</summary>
    void Stop();

    /// <summary>Lets the guest go on; nothing when it runs.</summary>
    /// <exception cref="QmpException">It cannot run here.</exception>
    void Continue();

    /// <summary>Boots again, as after power-on.</summary>
    /// <exception cref="QmpException">There is no guest here yet, or no more.</exception>
    void Reset();

    /// <summary>Presses the power button; what follows is the guest's affair.</summary>
    /// <exception cref="QmpException">There is none, or no guest here yet, or no more.</exception>
    void PowerDown();

    /// <summary>Ends the machine.</summary>
    void Quit();
}

/// <summary>A vCPU as a monitor shows it.</summary>
/// <param name="Index">Its number.</param>
/// <param name="ThreadId">The host's thread that runs it; 0 while there is none.</param>
/// <param name="AsyncPageFaults">What its async page faults did; null: the feature is not offered.</param>
internal sealed record VcpuInformation(int Index, int ThreadId, AsyncPageFaultStatistics? AsyncPageFaults);
