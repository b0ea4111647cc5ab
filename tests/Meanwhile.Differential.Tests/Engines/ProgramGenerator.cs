using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Interpreter;

namespace Meanwhile.Differential.Tests.Engines;

/// <summary>Random code for whole pages: what compilers use most, and some of everything that there is.</summary>
internal static class ProgramGenerator
{
    private static readonly Encoding[] All =
        [.. Decoder.Instance.Groups.SelectMany(g => g.Encodings).Where(e => Binders.Instance.Has(e) && !IsSystem(e))];

    private static readonly Encoding[] Integer =
        [.. All.Where(e => !MemoryOperand.IsLoadOrStore(e.Value) && !LazyBinding.UsesFp(e.Value) && !IsBranch(e.Value))];

    private static readonly Encoding[] Vector = [.. All.Where(e => LazyBinding.UsesFp(e.Value))];

    private static readonly Encoding[] LoadsAndStores = [.. All.Where(e => MemoryOperand.IsLoadOrStore(e.Value))];

    /// <summary>Loads and stores of one register or a pair.</summary>
    private static readonly Encoding[] Plain = [.. LoadsAndStores.Where(e => (e.Value & 0x3A00_0000) is 0x3800_0000 or 0x2800_0000)];

    private static readonly Encoding[] Branches =
    [
        BranchEncodings.B, BranchEncodings.BL, BranchEncodings.B_cond, BranchEncodings.B_cond, BranchEncodings.CBZ, BranchEncodings.CBNZ,
        BranchEncodings.TBZ, BranchEncodings.TBNZ,
    ];

    /// <summary>Of this many words, the first few may be changed while the program runs.</summary>
    private const int ChangeablePeriod = 64;

    private const int Changeable = 8;

    private static bool IsChangeable(int at) => at % ChangeablePeriod < Changeable;

    /// <summary>A word of a page that may be changed.</summary>
    public static int ChangeableWord(ref RandomSource random) =>
        (random.Below(0x400 / ChangeablePeriod) * ChangeablePeriod) + random.Below(Changeable);

    public static void Fill(Span<uint> page, ref RandomSource random)
    {
        for (int at = 0; at < page.Length;)
        {
            if (random.OneIn(28) && !IsChangeable(at))
            {
                uint[] macro = ProgramMacros.Make(at, ref random);
                // Whole, and never changed: nothing must come between what it changes and what makes that visible.
                if ((at % ChangeablePeriod) + macro.Length <= ChangeablePeriod)
                {
                    macro.CopyTo(page[at..]);
                    at += macro.Length;
                    continue;
                }
            }
            page[at] = MakeWord(at, ref random);
            at++;
        }
    }

    /// <summary>Where to go on after something that ends a path: PC and PSTATE, now and then illegal.</summary>
    public static (ulong Pc, ulong Pstate) MakePad(ref RandomSource random)
    {
        bool user = random.OneIn(2);
        ulong pstate = (random.Next() & 0xF080_0000) | (random.OneIn(5) ? 1u << 22 : 0) | (user ? 0u : random.OneIn(3) ? 4u : 5u);
        pstate |= random.OneIn(3) ? (ulong)random.Below(16) << 6 : 0;
        if (random.OneIn(40))
            pstate |= 1UL << 20; // IL
        if (random.OneIn(40))
            pstate |= 0x1F;
        ulong pc = ProgramMacros.CodeAddress(random.OneIn(user ? 6 : 2), ref random);
        return (random.OneIn(50) ? pc | 2 : pc, pstate);
    }

    /// <summary>One instruction, or seldom none, for the word at <paramref name="at"/> of a page.</summary>
    public static uint MakeWord(int at, ref RandomSource random)
    {
        while (true)
        {
            if (TryMakeWord(at, ref random, out uint word))
                return word;
        }
    }

    private static bool TryMakeWord(int at, ref RandomSource random, out uint word)
    {
        switch (random.Below(100))
        {
            case < 40:
                return TryMakeRegister(Integer, ref random, out word);
            case < 62:
                return TryMakeMemory(Plain, ref random, out word);
            case < 66:
                return TryMakeMemory(LoadsAndStores, ref random, out word);
            case < 80:
                return TryMakeBranch(at, ref random, out word);
            case < 90:
                return TryMakeRegister(Vector, ref random, out word);
            case < 98:
                word = SystemWords.Make(ref random);
                return true;
            case 98:
                word = 0xD65F_03C0; // ret
                return true;
            default:
                // Most of these are UNDEFINED. What belongs to the system could undo the rules of TwinLayout.
                word = (uint)random.Next();
                return Decoder.Instance.Decode(word) is not { } encoding || (!IsSystem(encoding) && !MemoryOperand.IsLoadOrStore(word) && (word & 31) != ProgramMacros.TableRegister);
        }
    }

    private static bool TryMakeRegister(Encoding[] encodings, ref RandomSource random, out uint word)
    {
        if (!RecordGenerator.TryMakeWord(encodings[random.Below(encodings.Length)], ref random, out word))
            return false;
        int d = (int)(word & 31);
        if (d == ProgramMacros.TableRegister)
            return false;
        // SP loses its use soon otherwise.
        return (!ProgramMacros.IsBase(d) && d != 31) || random.OneIn(16);
    }

    private static bool TryMakeMemory(Encoding[] encodings, ref RandomSource random, out uint word)
    {
        if (!RecordGenerator.TryMakeWord(encodings[random.Below(encodings.Length)], ref random, out word))
            return false;
        if ((word & 0x3B00_0000) == 0x1800_0000)
            word = (word & 0xFF00_001F) | ((uint)(random.Below(1200) - 600) & 0x7FFFF) << 5; // Literals: near.
        else if (!random.OneIn(24))
            word = (word & ~(31u << 5)) | (uint)ProgramMacros.Base(ref random) << 5;
        else if ((word >> 5 & 31) == 9)
            return false; // It may lead to code or tables.
        if ((word & 0x3B20_0C00) == 0x3820_0800 && random.OneIn(2))
            word |= 31 << 16; // A register offset of XZR.
        if (Decoder.Instance.Decode(word) is null || Unpredictable.ReasonToSkip(word) is not null)
            return false;
        // The second of a pair of registers (CASP) too.
        if (Names(word, ProgramMacros.TableRegister) || Names(word, ProgramMacros.TableRegister - 1))
            return false;
        if ((word >> 26 & 1) != 0 || random.OneIn(16))
            return true;
        return !ProgramMacros.IsBase((int)(word & 31)) && !ProgramMacros.IsBase((int)(word >> 10 & 31)) && !ProgramMacros.IsBase((int)(word >> 16 & 31));
    }

    private static bool Names(uint word, uint register) =>
        (word & 31) == register || (word >> 5 & 31) == register || (word >> 10 & 31) == register || (word >> 16 & 31) == register;

    private static bool TryMakeBranch(int at, ref RandomSource random, out uint word)
    {
        if (!RecordGenerator.TryMakeWord(Branches[random.Below(Branches.Length)], ref random, out word))
            return false;
        int distance = random.Below(12) switch
        {
            < 7 => 1 + random.Below(24),
            < 9 => -1 - random.Below(16),
            < 11 => random.Below(0x400) - at,
            _ => random.Below(0x2000) - 0x1000,
        };
        uint words = (uint)distance;
        if ((word & 0x7C00_0000) == 0x1400_0000) // B, BL
            word = (word & 0xFC00_0000) | (words & 0x03FF_FFFF);
        else if ((word & 0x7E00_0000) == 0x3600_0000) // TBZ, TBNZ
            word = (word & 0xFFF8_001F) | (words & 0x3FFF) << 5;
        else // CBZ, CBNZ, B.cond
            word = (word & 0xFF00_001F) | (words & 0x7FFFF) << 5;
        return true;
    }

    private static bool IsBranch(uint word) => (word & 0x1C00_0000) == 0x1400_0000;

    /// <summary>System instructions, exceptions and ERET: <see cref="SystemWords"/> has those that keep to the rules.</summary>
    private static bool IsSystem(Encoding encoding) =>
        (encoding.Value & 0xFF00_0000) is 0xD400_0000 or 0xD500_0000 || (encoding.Value & 0xFFE0_0000) is 0xD680_0000 or 0xD6A0_0000;
}
