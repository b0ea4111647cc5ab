using System.Numerics;

namespace Meanwhile.Hypervisor.AsyncPageFaults;

/// <summary>
/// The guest frame numbers of one vCPU's outstanding faults: open addressing with linear probing over a power-of-two number of slots.
/// Of the vCPU's thread.
/// </summary>
internal sealed class GfnTable
{
    // All ones: a frame number has at most 40 bits (52-bit physical addresses).
    private const ulong Empty = ulong.MaxValue;

    private readonly ulong[] slots;

    /// <summary>A table for up to <paramref name="capacity"/> frame numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is not in 1..65536.</exception>
    public GfnTable(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 65536);
        Capacity = capacity;
        slots = new ulong[BitOperations.RoundUpToPowerOf2((uint)capacity)];
        slots.AsSpan().Fill(Empty);
    }

    /// <summary>Most frame numbers it holds.</summary>
    public int Capacity { get; }

    /// <summary>Frame numbers it holds.</summary>
    public int Count { get; private set; }

    /// <summary>No further frame number fits.</summary>
    public bool IsFull => Count == Capacity;

    private int Mask => slots.Length - 1;

    /// <summary>True when <paramref name="gfn"/> is there.</summary>
    public bool Contains(ulong gfn) => Find(gfn) >= 0;

    /// <summary>Adds a frame number; false when it is there already or the table is full.</summary>
    public bool TryAdd(ulong gfn)
    {
        if (IsFull || Contains(gfn))
            return false;
        Insert(gfn);
        Count++;
        return true;
    }

    /// <summary>Removes a frame number; false when it is not there.</summary>
    public bool Remove(ulong gfn)
    {
        int slot = Find(gfn);
        if (slot < 0)
            return false;
        slots[slot] = Empty;
        Count--;
        // The rest of the cluster may have been pushed here by what was removed: each finds its place again. An empty slot ends it.
        for (int next = (slot + 1) & Mask; slots[next] != Empty; next = (next + 1) & Mask)
        {
            ulong moved = slots[next];
            slots[next] = Empty;
            Insert(moved);
        }
        return true;
    }

    /// <summary>Removes all.</summary>
    public void Clear()
    {
        slots.AsSpan().Fill(Empty);
        Count = 0;
    }

    // Multiplicative hashing: neighbours, which guests fault on together, do not form one cluster.
    private int Home(ulong gfn) => (int)((gfn * 0x9E37_79B9_7F4A_7C15) >> 32) & Mask;

    private void Insert(ulong gfn)
    {
        int slot = Home(gfn);
        while (slots[slot] != Empty)
            slot = (slot + 1) & Mask;
        slots[slot] = gfn;
    }

    private int Find(ulong gfn)
    {
        int slot = Home(gfn);
        for (int probes = 0; probes < slots.Length && slots[slot] != Empty; probes++)
        {
            if (slots[slot] == gfn)
                return slot;
            slot = (slot + 1) & Mask;
        }
        return -1;
    }
}
