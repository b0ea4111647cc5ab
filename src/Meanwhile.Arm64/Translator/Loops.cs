using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Translator;

/// <summary>
/// The loops of a unit, and a register mapping for each that uses registers which live in memory more than others that do not. A loop is a range
/// of instructions, from where a branch leads back to that branch.
/// </summary>
/// <remarks>
/// What is known is how often registers are named; how often a loop comes round is guessed. Entering a mapping and leaving it costs a store and a
/// load for each exchanged register, as does a handler that is called in line; an exchange must save clearly more than that.
/// Unsafe: for the comparison of a function pointer with null.
/// </remarks>
internal sealed unsafe class Loops
{
    /// <summary>How often a loop is taken to come round each time that it is entered.</summary>
    private const int Rounds = 4;

    /// <summary>Deeper nesting weighs no more.</summary>
    private const int MaxDepth = 4;

    /// <summary>What must be saved by an exchange that is made once: it costs half of that.</summary>
    private const int ExchangeCost = 8;

    /// <summary>More than any register's uses.</summary>
    private const int Taken = 1 << 28;

    private readonly List<(int Head, int End)> found = [];
    private readonly List<(int In, int Out)> exchanges = [];
    private readonly int[] depths = new int[Unit.MaxLength];
    private readonly int[] uses = new int[CpuState.Sink + 1];
    private readonly RegisterMapping?[] mappings = new RegisterMapping?[Unit.MaxLength + 1];

    /// <summary>There are none.</summary>
    public bool IsEmpty => found.Count == 0;

    /// <summary>The ranges, first and last instruction. None overlaps another unless it lies within; those within come later.</summary>
    public IReadOnlyList<(int Head, int End)> Ranges => found;

    /// <summary>True when a loop has a mapping of its own.</summary>
    public bool AreMapped { get; private set; }

    /// <summary>The mapping of the block that holds an instruction.</summary>
    public RegisterMapping Mapping(int index) => mappings[index] ?? RegisterMapping.Canonical;

    /// <summary>An instruction lies in a loop.</summary>
    public bool Contain(int index)
    {
        foreach ((int head, int end) in found)
        {
            if (index >= head && index <= end)
                return true;
        }
        return false;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        if (IsEmpty)
            return;
        found.Clear();
        AreMapped = false;
        Array.Clear(mappings);
    }

    /// <summary>A branch at <paramref name="end"/> leads back to <paramref name="head"/>. They come in the order of their branches.</summary>
    public void Add(int head, int end)
    {
        // Loops that share their head, or that overlap, are one.
        for (int n = found.Count - 1; n >= 0; n--)
        {
            (int otherHead, int otherEnd) = found[n];
            if (otherEnd < head || otherHead > head)
                continue;
            head = otherHead;
            found.RemoveAt(n);
        }
        found.RemoveAll(other => other.Head == head);
        found.Add((head, end));
    }

    /// <summary>Chooses the mappings; all loops have been added.</summary>
    public void Choose(Unit unit)
    {
        if (IsEmpty)
            return;
        found.Sort((a, b) => a.Head != b.Head ? a.Head.CompareTo(b.Head) : b.End.CompareTo(a.End));
        Array.Clear(depths, 0, unit.Length);
        foreach ((int head, int end) in found)
        {
            for (int n = head; n <= end; n++)
                depths[n]++;
        }
        for (int n = 0; n < found.Count; n = After(n))
            Choose(unit, n);
    }

    /// <summary>The next range that does not lie within one.</summary>
    private int After(int loop)
    {
        int next = loop + 1;
        while (next < found.Count && found[next].Head <= found[loop].End)
            next++;
        return next;
    }

    /// <summary>One mapping for all of a loop, or those of the loops within it, whatever saves more; how much that is.</summary>
    private int Choose(Unit unit, int loop)
    {
        int within = 0;
        for (int n = loop + 1; n < After(loop); n = After(n))
            within += Choose(unit, n) * Rounds;
        int saved = FindExchanges(unit, found[loop].Head, found[loop].End);
        if (saved == 0 || saved < within)
            return within;
        int[] slots = [.. RegisterMapping.Canonical.Slots];
        foreach ((int @in, int @out) in exchanges)
            slots[Array.IndexOf(slots, @out)] = @in;
        AreMapped = true;
        Array.Fill(mappings, new RegisterMapping(slots), found[loop].Head, found[loop].End - found[loop].Head + 1);
        return saved;
    }

    /// <summary>The exchanges that pay in a range, and how much they save.</summary>
    private int FindExchanges(Unit unit, int head, int end)
    {
        exchanges.Clear();
        Array.Clear(uses);
        int cost = ExchangeCost;
        for (int n = head; n <= end; n++)
        {
            if (!unit.IsReached[n])
                continue;
            uint word = unit.Words[n];
            if (TakesHostRegisters(word))
                return 0;
            int weight = 1;
            for (int depth = depths[head]; depth <= Math.Min(depths[n], depths[head] + MaxDepth); depth++)
                weight *= Rounds;
            RegisterUses.Count(word, weight, uses);
            if (unit.Translations[n].Emit == null)
                cost += ExchangeCost * weight;
            else if (IsCall(word))
                cost += ExchangeCost * weight / 2;
        }
        int saved = 0;
        while (true)
        {
            int @in = -1, @out = -1;
            for (int slot = 0; slot <= CpuState.Sp; slot++)
            {
                if (!RegisterMapping.Canonical.TryHost(slot, out _))
                    @in = @in < 0 || uses[slot] > uses[@in] ? slot : @in;
                else
                    @out = @out < 0 || uses[slot] < uses[@out] ? slot : @out;
            }
            int gain = uses[@in] - uses[@out];
            if (gain < cost)
                return saved;
            saved += gain - (cost / 2);
            exchanges.Add((@in, @out));
            uses[@in] = -Taken;
            uses[@out] = Taken;
        }
    }

    /// <summary>BL, BLR: mostly executed only now and then, where they stand in a loop of one unit.</summary>
    private static bool IsCall(uint word) => BranchEncodings.BL.Matches(word) || BranchEncodings.BLR.Matches(word);

    /// <summary>By <see cref="UnitEmitter.CompareExchange16"/>.</summary>
    private static bool TakesHostRegisters(uint word) =>
        LoadStoreExclusiveEncodings.CASP.Matches(word) || LoadStoreExclusiveEncodings.STXP.Matches(word) || LoadStoreExclusiveEncodings.STLXP.Matches(word);
}
