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
    /// <exception cref="InvalidOperationException">A device does not end what it is at; the message names it. The machine goes on.</exception>
    public void Quiesce()
    {
        Hypervisor.Hold();
        foreach (VirtioMmio transport in transports)
            transport.Hold();
        if (Hypervisor.TryDrain(() => transports.TrueForAll(static transport => transport.IsIdle), options.QuiesceLimit))
            return;
        string busy = string.Join(", ", transports.Where(static transport => !transport.IsIdle).Select(static transport => transport.Name));
        Continue();
        // It may have ended just now; that it took this long is as bad.
        throw new InvalidOperationException(
            $"{(busy.Length == 0 ? "a device" : busy)} did not end a request in {options.QuiesceLimit.TotalSeconds:0.###} s: it waits for its disk, or for a page of RAM that is swapped out.");
    }

    /// <summary>Undoes <see cref="Quiesce"/>: also after the state was saved, which changes nothing, and of a machine that was restored.</summary>
    /// <exception cref="InvalidOperationException">The machine must not run: it was restored in part.</exception>
    public void Continue()
    {
        // Before the vCPUs, so that the rings of restored queues are asked for first.
        Hypervisor.ThrowIfUnusable();
        foreach (VirtioMmio transport in transports)
            transport.Release();
        Hypervisor.Release();
    }

    /// <summary>
    /// With the machine quiesced: all that the guest wrote to its disks is durable, and another machine, to which the guest moves, may use them.
    /// </summary>
    /// <exception cref="IOException">A disk cannot be written; all are still this machine's.</exception>
    public void HandOverDisks()
    {
        try
        {
            disks.ForEach(static disk => disk.HandOver());
        }
        catch (IOException)
        {
            TakeDisks();
            throw;
        }
    }

    /// <summary>The disks are this machine's (again). Before <see cref="Continue"/>, of a machine that was made for a guest from elsewhere, or that handed them over.</summary>
    /// <exception cref="IOException">Names the disk and why it cannot be used.</exception>
    public void TakeDisks()
    {
        for (int index = 0; index < disks.Count; index++)
        {
            try
            {
                disks[index].Take();
            }
            catch (IOException error)
            {
                throw new IOException($"disk '{options.Disks[index].Path}' cannot be used: {error.Message}", error);
            }
        }
    }
}
