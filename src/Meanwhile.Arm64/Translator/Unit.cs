using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Translator;

/// <summary>
/// What is translated in one piece: the instructions of one page that are reached from an entry by falling through and by branches within
/// a short range, in address order. Reused from one translation to the next.
/// </summary>
internal sealed unsafe class Unit(TranslationTable table)
{
    /// <summary>Most instructions of a unit.</summary>
    public const int MaxLength = 256;

    /// <summary>How far a branch may lead, in instructions, to what becomes part of the unit with it.</summary>
    private const int Reach = 16;

    private const int KnownBits = 13;

    // Translations of instruction words met before, by a hash of the word: code repeats itself.
    private readonly uint[] knownWords = new uint[1 << KnownBits];
    private readonly Translation?[] knownTranslations = new Translation?[1 << KnownBits];
    private readonly bool[] isTarget = new bool[MaxLength + 1];
    private readonly bool[] isLoopHead = new bool[MaxLength + 1];
    private readonly short[] branchesTo = new short[MaxLength + 1];
    private readonly List<int> branches = [];
    private int used = MaxLength + 1;

    /// <summary>Offset of the first instruction in its page.</summary>
    public int Start { get; private set; }

    /// <summary>Instructions from <see cref="Start"/>, some of which may not be <see cref="IsReached"/>.</summary>
    public int Length { get; private set; }

    /// <summary>Instruction words.</summary>
    public uint[] Words { get; } = new uint[MaxLength];

    /// <summary>Their translations.</summary>
    public Translation[] Translations { get; } = new Translation[MaxLength];

    /// <summary>Its loops, and where registers live in them.</summary>
    public Loops Loops { get; } = new();

    /// <summary>Part of a path from the entry.</summary>
    public bool[] IsReached { get; } = new bool[MaxLength + 1];

    /// <summary>A branch leads here from within the unit, or a block ends before it.</summary>
    public bool IsBlockStart(int n) => isTarget[n];

    /// <summary>A branch leads back here.</summary>
    public bool IsLoopHead(int n) => isLoopHead[n];

    /// <summary>How many branches of the unit lead to a block, calls among them.</summary>
    public int BranchesTo(int n) => branchesTo[n];

    /// <summary>The instruction before this one goes on with it.</summary>
    public bool FallsInto(int n) => n > 0 && IsReached[n - 1] && (Translations[n - 1].Traits & Traits.EndsPath) == 0;

    /// <summary>Number of the instruction at an offset in the page, when a block of the unit starts there.</summary>
    public bool TryIndex(long pageOffset, out int index)
    {
        long distance = (pageOffset - Start) >> 2;
        index = (int)distance;
        return pageOffset >= Start && distance < Length && IsReached[index] && isTarget[index];
    }

    /// <summary>Finds the unit that starts at <paramref name="start"/>.</summary>
    /// <param name="host">The 4 KiB of the page.</param>
    /// <param name="start">Offset of the first instruction.</param>
    /// <param name="mode">What it is specialised for.</param>
    /// <param name="longest">Most instructions, at most <see cref="MaxLength"/>.</param>
    public void Scan(byte* host, int start, UnitMode mode, int longest = MaxLength)
    {
        Start = start;
        Array.Clear(isTarget, 0, used);
        Array.Clear(isLoopHead, 0, used);
        Array.Clear(branchesTo, 0, used);
        branches.Clear();
        Array.Clear(IsReached, 0, used);
        Loops.Clear();
        uint* words = (uint*)(host + start);
        int available = Math.Min(longest, (0x1000 - start) / sizeof(uint));
        isTarget[0] = true;
        int n = 0;
        bool reached = true;
        int furthest = 0;
        while (n < available)
        {
            if (!reached && isTarget[n])
                reached = true;
            if (!reached)
            {
                if (n >= furthest)
                    break;
                n++;
                continue;
            }
            IsReached[n] = true;
            uint word = Words[n] = words[n];
            Translation translation = Translations[n] = Find(word, mode);
            if ((translation.Traits & (Traits.DirectBranch | Traits.EndsPath)) != 0)
                branches.Add(n);
            if ((translation.Traits & Traits.DirectBranch) != 0)
            {
                int target = n + BranchTarget.Words(word);
                if (target >= 0 && target < available && target < n + Reach && (target > n || IsReached[target]))
                {
                    isTarget[target] = true;
                    furthest = Math.Max(furthest, target);
                    if (target <= n)
                    {
                        isLoopHead[target] = true;
                        Loops.Add(target, n);
                    }
                }
                isTarget[n + 1] = true;
            }
            if ((translation.Traits & Traits.EndsPath) != 0)
                reached = false;
            n++;
        }
        Length = n;
        used = Math.Min(MaxLength, n + Reach) + 1;
        // Words between paths that nothing reached in the end stand outside.
        while (Length > 0 && !IsReached[Length - 1])
            Length--;
        CountBranches();
        Loops.Choose(this);
    }

    /// <summary>Those that lead to a block of the unit, however far.</summary>
    private void CountBranches()
    {
        foreach (int n in branches)
        {
            if (((Translations[n].Traits & Traits.DirectBranch) != 0 || BranchEncodings.BL.Matches(Words[n]))
                && TryIndex(Start + ((long)(n + BranchTarget.Words(Words[n])) * sizeof(uint)), out int target))
                branchesTo[target]++;
        }
    }

    private Translation Find(uint word, UnitMode mode)
    {
        // LazyBinding decides in the same way which instructions trap.
        if ((mode & UnitMode.FpEnabled) == 0 && Interpreter.LazyBinding.UsesFp(word))
            return Translation.ByHandler;
        uint hash = word * 0x9E37_79B1 >> (32 - KnownBits);
        if (knownWords[hash] == word && knownTranslations[hash] is { } known)
            return known;
        knownWords[hash] = word;
        return knownTranslations[hash] = table.Find(word);
    }
}

/// <summary>The target of a direct branch.</summary>
internal static class BranchTarget
{
    /// <summary>Distance in words, from the instruction itself (DDI0487 C4.1.65).</summary>
    public static int Words(uint word)
    {
        if ((word & 0x7C00_0000) == 0x1400_0000)
            return (int)(word << 6) >> 6; // B, BL: imm26
        if ((word & 0x7E00_0000) == 0x3600_0000)
            return (int)(word << 13) >> 18; // TBZ, TBNZ: imm14 at bit 5
        return (int)(word << 8) >> 13; // B.cond, CBZ, CBNZ: imm19 at bit 5
    }
}
