namespace Meanwhile.Arm64.Mmu;

/// <summary>
/// What other PEs have asked one PE to do to its caches, in order. Bounded: when more comes than fits (the PE sleeps, or is off), requests
/// become one that does more than each of them.
/// </summary>
internal sealed class MaintenanceQueue
{
    /// <summary>Most requests that are kept apart.</summary>
    internal const int Capacity = 64;

    private readonly Lock gate = new();
    private readonly (MaintenanceKind Kind, ulong Operand)[] waiting = new (MaintenanceKind, ulong)[Capacity];
    private readonly (MaintenanceKind Kind, ulong Operand)[] taken = new (MaintenanceKind, ulong)[Capacity];
    private int count;
    private long posted;
    private long last; // Taken so far.
    private long performed;

    /// <summary>Number of the latest request. Any thread.</summary>
    internal long Posted => Volatile.Read(ref posted);

    /// <summary>All requests up to a number are done, with what the PE accessed through what they forgot. Any thread.</summary>
    internal bool IsPerformed(long number) => Volatile.Read(ref performed) >= number;

    /// <summary>Adds a request. Any thread.</summary>
    internal void Post(MaintenanceKind kind, ulong operand)
    {
        lock (gate)
        {
            if (count == Capacity)
                Condense();
            waiting[count++] = (kind, operand);
            posted++;
        }
    }

    /// <summary>
    /// What was asked for since the last call, to be done and then <see cref="Complete">completed</see>. The PE's thread; valid until the next call.
    /// </summary>
    internal ReadOnlySpan<(MaintenanceKind Kind, ulong Operand)> Take()
    {
        if (last == Volatile.Read(ref posted))
            return [];
        lock (gate)
        {
            int number = count;
            Array.Copy(waiting, taken, number);
            count = 0;
            last = posted;
            return taken.AsSpan(0, number);
        }
    }

    /// <summary>What was taken is done. The PE's thread.</summary>
    internal void Complete() => Volatile.Write(ref performed, last);

    private void Condense()
    {
        bool translations = false, code = false;
        foreach ((MaintenanceKind kind, ulong _) in waiting)
        {
            bool isCode = kind is MaintenanceKind.AllCode or MaintenanceKind.CodePage;
            code |= isCode;
            translations |= !isCode;
        }

        count = 0;
        if (translations)
            waiting[count++] = (MaintenanceKind.AllTranslations, 0);
        if (code)
            waiting[count++] = (MaintenanceKind.AllCode, 0);
    }
}
