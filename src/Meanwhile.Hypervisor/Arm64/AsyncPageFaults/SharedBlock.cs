using Meanwhile.Memory;

namespace Meanwhile.Hypervisor.Arm64.AsyncPageFaults;

/// <summary>
/// The block that host and guest share, one per vCPU (docs/protocol.md section 2): reason and token. Its page is pinned while the feature is
/// enabled, so that telling the guest of a fault never faults. Of the vCPU's thread, but for the pin's completion.
/// </summary>
/// <remarks>
/// Never more than one pin: one that is under way when the guest closes the block, or opens another, is waited for before the next begins. A guest
/// that does so all the time makes neither pins pile up nor a pin that comes late belong to the wrong block.
/// Unsafe: <see cref="words"/> points at the pinned page's memory and is null before the page is unpinned.
/// </remarks>
internal sealed unsafe class SharedBlock(GuestRam ram, Action pinned)
{
    /// <summary>Size of the whole block in bytes, the guest's own last word included.</summary>
    public const ulong Size = 68;

    /// <summary>Alignment of the block in bytes.</summary>
    public const ulong Alignment = 64;

    private const int TouchedByHost = 8;

    private const long None = -1;

    private readonly Lock gate = new();
    private long wanted = None; // The block in use.
    private long held = None; // What is pinned, or being pinned.
    private bool pinning;

    // Null until the page is pinned; then valid until Close unpins it.
    private volatile uint* words;

    /// <summary>Reasons that the host writes.</summary>
    public enum Reason : uint
    {
        /// <summary>The guest has taken what was there.</summary>
        Free = 0,

        /// <summary>Page not present.</summary>
        PageNotPresent = 1,

        /// <summary>Page ready.</summary>
        PageReady = 2,
    }

    /// <summary>The host may write: the page is pinned, and the guest has taken what was there before.</summary>
    public bool IsFree
    {
        get
        {
            uint* block = words;
            return block is not null && Volatile.Read(ref block[0]) == 0 && Volatile.Read(ref block[1]) == 0;
        }
    }

    /// <summary>
    /// Starts to use the block at <paramref name="ramOffset"/>, 64-byte aligned, wholly in RAM, after <see cref="Close"/>. It is free for use once its
    /// page is pinned.
    /// </summary>
    public void Open(long ramOffset)
    {
        lock (gate)
        {
            wanted = ramOffset;
            if (pinning)
                return;
            pinning = true;
            held = ramOffset;
        }
        ram.Pin(ramOffset, TouchedByHost, write: true, Pinned);
    }

    /// <summary>Writes token, then reason. Only while <see cref="IsFree"/>.</summary>
    public void Write(Reason reason, uint token)
    {
        uint* block = words;
        Volatile.Write(ref block[1], token);
        Volatile.Write(ref block[0], (uint)reason);
    }

    /// <summary>Takes back what the guest has not heard of.</summary>
    public void Clear()
    {
        uint* block = words;
        if (block is null)
            return;
        Volatile.Write(ref block[1], 0);
        Volatile.Write(ref block[0], 0);
    }

    /// <summary>Stops using the block.</summary>
    public void Close()
    {
        long released;
        lock (gate)
        {
            wanted = None;
            if (words is null)
                return;
            words = null;
            released = held;
            held = None;
        }
        ram.Unpin(released, TouchedByHost);
    }

    // On any thread.
    private void Pinned()
    {
        long released;
        long next;
        lock (gate)
        {
            released = held;
            next = held = wanted;
            pinning = next != None && next != released;
            if (next == released)
                words = (uint*)ram.HostAddress(released);
        }
        if (next == released)
        {
            pinned();
            return;
        }
        ram.Unpin(released, TouchedByHost);
        if (next != None)
            ram.Pin(next, TouchedByHost, write: true, Pinned);
    }
}
