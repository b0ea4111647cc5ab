namespace Meanwhile.Arm64.Interpreter;

/// <summary>
/// The device accesses that one instruction has completed. An instruction that exits for MMIO runs again from its start; what the log holds
/// is not done again.
/// </summary>
internal sealed class MmioLog
{
    /// <summary>Most accesses of one instruction: LD4 of 64 single bytes.</summary>
    public const int Capacity = 64;

    private readonly ulong[] data = new ulong[Capacity];
    private int next;

    /// <summary>Completed accesses.</summary>
    public int Count { get; private set; }

    /// <summary>The instruction they belong to.</summary>
    public ulong Pc { get; private set; }

    /// <summary>An access waits for <see cref="Complete"/>.</summary>
    public bool Waiting { get; private set; }

    /// <summary>The instruction at <paramref name="pc"/> left for its next device access.</summary>
    public void Wait(ulong pc)
    {
        Pc = pc;
        Waiting = true;
    }

    /// <summary>The access that waits is done.</summary>
    /// <exception cref="InvalidOperationException">None waits.</exception>
    public void Complete(ulong value)
    {
        if (!Waiting || Count == Capacity)
            throw new InvalidOperationException("No MMIO access waits to be completed");
        Waiting = false;
        data[Count++] = value;
    }

    /// <summary>What the completed accesses gave; anything for writes.</summary>
    public Span<ulong> Data => data.AsSpan(0, Count);

    /// <summary>The instruction at <paramref name="pc"/> has completed so many accesses, in another PE; <see cref="Data"/> is to be filled.</summary>
    public void Restore(ulong pc, int count)
    {
        Clear();
        Pc = pc;
        Count = count;
        Data.Clear();
    }

    /// <summary>The instruction starts again: its accesses are answered from the first on.</summary>
    public void Replay() => next = 0;

    /// <summary>The next access, if it is done already: the data read, or anything for a write.</summary>
    public bool TryTake(out ulong value)
    {
        bool done = next < Count;
        value = done ? data[next++] : 0;
        return done;
    }

    /// <summary>The instruction is complete or given up.</summary>
    public void Clear()
    {
        Count = 0;
        next = 0;
        Waiting = false;
    }
}
