using Meanwhile.Machine.Devices.Virtio;

namespace Meanwhile.Machine.Board;

/// <content>Holding everything still, so that RAM and state are final.</content>
public sealed partial class VirtMachine
{
    /// <summary>
    /// Holds the vCPUs between two instructions, then waits until no device works: from then on until <see cref="Continue"/> nothing changes RAM
    /// or what the guest can see, and the guest's counter stands still. Pages that devices keep pinned (rings, shared blocks) are not written.
    /// On the virtual clock also in an event, between the guest's instructions.
    /// </summary>
    public void Quiesce()
    {
        Hypervisor.Hold();
        foreach (VirtioMmio transport in transports)
            transport.Hold();
        Hypervisor.Drain(() => transports.TrueForAll(static transport => transport.IsIdle));
    }

    /// <summary>Undoes <see cref="Quiesce"/>: also after the state was saved, which changes nothing, and of a machine that was restored.</summary>
    /// <exception cref="InvalidOperationException">The machine must not run: it was restored in part.</exception>
    public void Continue() => Release(stayPaused: false);

    /// <summary>As <see cref="Continue"/>, but the vCPUs stay paused, until <see cref="Hypervisor.VirtualMachine.Resume"/>: there is another reason.</summary>
    /// <exception cref="InvalidOperationException">The machine must not run: it was restored in part.</exception>
    public void ContinuePaused() => Release(stayPaused: true);

    private void Release(bool stayPaused)
    {
        // Before the vCPUs, so that the rings of restored queues are asked for first.
        Hypervisor.ThrowIfUnusable();
        foreach (VirtioMmio transport in transports)
            transport.Release();
        Hypervisor.Release(stayPaused);
    }
}
