using Meanwhile.Hypervisor.Engines;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor.AsyncPageFaults;

/// <summary>
/// What differs by architecture, for one vCPU: how its guest is told that a page is not present, and that it is ready. All members are
/// called on the vCPU's thread, outside the guest.
/// </summary>
public interface IAsyncPageFaultArchitecture
{
    /// <summary>
    /// Whether the guest can be told of <paramref name="fault"/> now: <see cref="AsyncPageFaultDecision.Notified"/>, else why the vCPU must
    /// wait. Changes nothing. The GFN table is not its concern.
    /// </summary>
    AsyncPageFaultDecision CanNotify(in VcpuExit fault);

    /// <summary>
    /// Puts page-not-present into the shared block and arms its event. Called only after <see cref="CanNotify"/> agreed, with nothing run
    /// in between.
    /// </summary>
    void NotifyNotPresent(uint token);

    /// <summary>The token of the page-not-present that is armed but has not reached the guest yet; 0 when there is none.</summary>
    uint UndeliveredToken { get; }

    /// <summary>Takes the undelivered page-not-present back, event and shared block: the guest never hears of its token.</summary>
    void CancelNotPresent();

    /// <summary>The guest can take a page-ready now: enabled, the last one is acknowledged, and the shared block is free.</summary>
    bool CanNotifyReady { get; }

    /// <summary>Puts page-ready into the shared block and raises its interrupt. Called only while <see cref="CanNotifyReady"/>.</summary>
    void NotifyReady(uint token);

    /// <summary>
    /// The vCPU was reset or switched off: the feature is disabled and nothing is armed or unacknowledged. Also with the machine stopped.
    /// </summary>
    void Reset();

    /// <summary>What must be equal where the state is restored, for people to read.</summary>
    string Configuration { get; }

    /// <summary>
    /// Writes what the guest has set and what it has been told and not answered. What is outstanding is not saved (docs/protocol.md section 5).
    /// With the machine stopped.
    /// </summary>
    void Save(StateWriter writer);

    /// <summary>Takes that. When the feature is enabled, the guest is told to wake every waiter. With the machine stopped.</summary>
    /// <exception cref="StateFormatException">The state cannot be here.</exception>
    void Restore(StateReader reader);
}
