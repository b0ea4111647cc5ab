using System.Numerics;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor.Arm64.GicV3;

/// <summary>
/// State of a run of interrupts, one bit each in words of 32: the SPIs of the distributor, or the SGIs and PPIs of one redistributor.
/// The registers of both stand at the same offsets (IHI0069 12.8, 12.10). Not synchronised: the GIC locks.
/// </summary>
internal sealed class InterruptBank
{
    /// <summary>Priority bits that are implemented: the upper five.</summary>
    internal const byte PriorityMask = 0xF8;

    private readonly int firstWord;
    private readonly uint[] group;
    private readonly uint[] enabled;
    private readonly uint[] latched;
    private readonly uint[] active;
    private readonly uint[] lines;
    private readonly uint[] edge;
    private readonly byte[] priorities;
    private readonly uint alwaysEdge;

    /// <param name="first">INTID of the first interrupt, a multiple of 32.</param>
    /// <param name="count">Number of interrupts, a multiple of 32.</param>
    internal InterruptBank(int first, int count)
    {
        First = first;
        Count = count;
        firstWord = first / 32;
        group = new uint[count / 32];
        enabled = new uint[count / 32];
        latched = new uint[count / 32];
        active = new uint[count / 32];
        lines = new uint[count / 32];
        edge = new uint[count / 32];
        priorities = new byte[count];
        // SGIs are edge-triggered and GICR_ICFGR0 is read-only.
        alwaysEdge = first == 0 ? 0xFFFFu : 0;
        Reset();
    }

    internal int First { get; }

    internal int Count { get; }

    internal int Words => group.Length;

    /// <summary>Everything but the input lines, which are others' state.</summary>
    internal void Reset()
    {
        Array.Clear(group);
        Array.Clear(enabled);
        Array.Clear(latched);
        Array.Clear(active);
        Array.Clear(edge);
        Array.Clear(priorities);
        edge[0] = alwaysEdge;
    }

    internal void Save(StateWriter writer)
    {
        foreach (uint[] bits in (uint[][])[group, enabled, latched, active, lines, edge])
            writer.WriteWords(bits);
        writer.WriteRaw(priorities);
    }

    /// <summary>
    /// The input lines too: an edge is one only if the line was low before. Their owners drive them again, to the same level unless the state is
    /// made up.
    /// </summary>
    internal void Restore(StateReader reader)
    {
        foreach (uint[] bits in (uint[][])[group, enabled, latched, active, lines, edge])
            reader.ReadWords(bits);
        reader.ReadRaw(priorities.Length).CopyTo(priorities);
        edge[0] |= alwaysEdge;
        lines[0] &= ~alwaysEdge;
        foreach (ref byte priority in priorities.AsSpan())
            priority &= PriorityMask;
    }

    internal bool Contains(int intid) => intid >= First && intid < First + Count;

    internal int Priority(int intid) => priorities[intid - First];

    internal bool IsGroup1(int intid) => IsSet(group, intid);

    internal bool IsEdge(int intid) => IsSet(edge, intid);

    internal bool IsActive(int intid) => IsSet(active, intid);

    internal bool IsPending(int intid) => (PendingWord((intid - First) / 32) & Bit(intid)) != 0;

    /// <summary>Interrupts of a word that are enabled, pending and not active, and whose group is among those given.</summary>
    internal uint Candidates(int word, bool group0, bool group1)
    {
        uint groups = (group0 ? ~group[word] : 0) | (group1 ? group[word] : 0);
        return PendingWord(word) & enabled[word] & ~active[word] & groups;
    }

    /// <summary>Drives an input; true when the state changed.</summary>
    internal bool SetLine(int intid, bool asserted)
    {
        int word = (intid - First) / 32;
        uint bit = Bit(intid);
        if (((lines[word] & bit) != 0) == asserted)
            return false;
        lines[word] ^= bit;
        if (asserted && (edge[word] & bit) != 0)
            latched[word] |= bit;
        return true;
    }

    internal void SetPending(int intid) => latched[(intid - First) / 32] |= Bit(intid);

    /// <summary>Pending becomes active; a level-sensitive interrupt whose line is still asserted is then active and pending (4.1.2).</summary>
    internal void Activate(int intid)
    {
        int word = (intid - First) / 32;
        latched[word] &= ~Bit(intid);
        active[word] |= Bit(intid);
    }

    internal void Deactivate(int intid) => active[(intid - First) / 32] &= ~Bit(intid);

    /// <summary>Reads the 32-bit register at <paramref name="offset"/> (a multiple of 4) of GICD or of GICR's SGI frame.</summary>
    internal uint Read(uint offset)
    {
        uint[]? bits = Select(offset, out int word);
        if (offset is >= 0x200 and < 0x300)
            return word < 0 ? 0 : PendingWord(word);
        if (bits is not null)
            return word < 0 ? 0 : bits[word];
        if (offset is >= 0x400 and < 0x800 && TryIndex(offset - 0x400, 4, out int first))
            return priorities[first] | ((uint)priorities[first + 1] << 8) | ((uint)priorities[first + 2] << 16) | ((uint)priorities[first + 3] << 24);
        if (offset is >= 0xC00 and < 0xD00 && TryIndex(offset - 0xC00, 16, out first))
            return Spread(edge[first / 32] >> (first % 32));
        return 0;
    }

    /// <summary>Writes the 32-bit register at <paramref name="offset"/> (a multiple of 4).</summary>
    internal void Write(uint offset, uint value)
    {
        uint[]? bits = Select(offset, out int word);
        if (bits is not null)
        {
            if (word < 0)
                return;
            if (bits == group)
                bits[word] = value;
            else if ((offset & 0x80) != 0)
                bits[word] &= ~value;
            else
                bits[word] |= value;
        }
        else if (offset is >= 0x400 and < 0x800 && TryIndex(offset - 0x400, 4, out int first))
        {
            for (int index = 0; index < 4; index++)
                priorities[first + index] = (byte)((value >> (8 * index)) & PriorityMask);
        }
        else if (offset is >= 0xC00 and < 0xD00 && TryIndex(offset - 0xC00, 16, out first))
        {
            uint mask = 0xFFFFu << (first % 32);
            edge[first / 32] = (edge[first / 32] & ~mask) | ((Gather(value) << (first % 32)) & mask);
            if (first < 32)
                edge[0] |= alwaysEdge;
        }
    }

    /// <summary>Writes one byte of the priority registers, the only ones that may be written so (12.1.3).</summary>
    internal void WritePriority(uint offset, byte value)
    {
        if (offset is >= 0x400 and < 0x800 && TryIndex(offset - 0x400, 1, out int index))
            priorities[index] = (byte)(value & PriorityMask);
    }

    // Pairs of "set" and "clear" registers, 0x80 bytes each; group registers have no pair. The word is negative outside of this bank.
    private uint[]? Select(uint offset, out int word)
    {
        word = (int)((offset & 0x7F) / 4) - firstWord;
        if (word >= Words)
            word = -1;
        return offset switch
        {
            >= 0x080 and < 0x100 => group,
            >= 0x100 and < 0x200 => enabled,
            >= 0x200 and < 0x300 => latched,
            >= 0x300 and < 0x400 => active,
            _ => null,
        };
    }

    /// <summary>Index of the first interrupt of the register at a distance from the array's start, with so many interrupts a word.</summary>
    private bool TryIndex(uint distance, int perWord, out int index)
    {
        index = (int)(perWord == 1 ? distance : distance / 4 * (uint)perWord) - First;
        return index >= 0 && index < Count;
    }

    private uint PendingWord(int word) => latched[word] | (lines[word] & ~edge[word]);

    private bool IsSet(uint[] bits, int intid) => (bits[(intid - First) / 32] & Bit(intid)) != 0;

    private static uint Bit(int intid) => 1u << (intid % 32);

    /// <summary>16 bits to bit 1 of 16 two-bit fields.</summary>
    private static uint Spread(uint bits)
    {
        uint result = 0;
        for (uint left = bits & 0xFFFF; left != 0; left &= left - 1)
            result |= 2u << (2 * BitOperations.TrailingZeroCount(left));
        return result;
    }

    /// <summary>The reverse of <see cref="Spread"/>.</summary>
    private static uint Gather(uint fields)
    {
        uint result = 0;
        for (uint left = fields & 0xAAAA_AAAA; left != 0; left &= left - 1)
            result |= 1u << (BitOperations.TrailingZeroCount(left) / 2);
        return result;
    }
}
