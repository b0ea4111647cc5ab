using System.Numerics;

namespace Meanwhile.Memory.Sources;

/// <summary>Which slots of a page store are in use: a bitmap, searched from where the last search ended, so that clusters stay together.</summary>
internal sealed class SlotAllocator
{
    private readonly ulong[] used;
    private readonly int slotCount;
    private int next;

    /// <summary>All slots free.</summary>
    public SlotAllocator(int slotCount)
    {
        this.slotCount = slotCount;
        used = new ulong[(slotCount + 63) / 64];
        Free = slotCount;
    }

    /// <summary>Slots that are free.</summary>
    public int Free { get; private set; }

    /// <summary>
    /// Takes the first run of consecutive free slots found, at most <paramref name="wanted"/> long; answers how many, 0 when none is free.
    /// </summary>
    public int Allocate(int wanted, out int first)
    {
        first = -1;
        if (Free == 0 || wanted <= 0)
            return 0;
        first = FindFree(next);
        if (first < 0)
            first = FindFree(0);
        int count = 0;
        while (count < wanted && first + count < slotCount && !IsUsed(first + count))
        {
            used[(first + count) >> 6] |= 1UL << (first + count);
            count++;
        }
        Free -= count;
        next = first + count;
        return count;
    }

    /// <summary>Gives one slot back.</summary>
    /// <exception cref="InvalidOperationException">It is not in use.</exception>
    public void Release(int slot)
    {
        if (!IsUsed(slot))
            throw new InvalidOperationException($"Slot {slot} of the page store is released but not in use.");
        used[slot >> 6] &= ~(1UL << slot);
        Free++;
    }

    private bool IsUsed(int slot) => (used[slot >> 6] >> slot & 1) != 0;

    private int FindFree(int from)
    {
        for (int word = from >> 6; word < used.Length; word++)
        {
            ulong free = ~used[word];
            if (word == from >> 6)
                free &= ulong.MaxValue << from;
            if (free == 0)
                continue;
            int slot = (word << 6) + BitOperations.TrailingZeroCount(free);
            return slot < slotCount ? slot : -1;
        }
        return -1;
    }
}
