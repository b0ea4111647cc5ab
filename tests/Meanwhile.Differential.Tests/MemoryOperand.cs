namespace Meanwhile.Differential.Tests;

/// <summary>Gives loads and stores a base register (or literal offset) that leads to the window, and now and then nowhere.</summary>
internal static unsafe class MemoryOperand
{
    /// <summary>Bits 27 and 25 of the top-level encoding table (DDI0487 C4.1).</summary>
    public static bool IsLoadOrStore(uint word) => (word & 0x0A00_0000) == 0x0800_0000;

    public static void Prepare(ref Record record, ref RandomSource random, int slot)
    {
        uint word = record.Word;
        int n = (int)(word >> 5 & 31);
        if (IsLiteral(word))
        {
            record.Word = WithLiteral(word, ref random, GuestLayout.InstructionAddress(slot));
            return;
        }
        // 64 bytes are the most that an instruction accesses.
        ulong target = GuestLayout.Window + (ulong)random.Below(GuestLayout.WindowBytes - 64 + 1);
        if (MustBeAligned(word))
            target &= ~15UL;
        else if (random.OneIn(3))
            target &= ~7UL;
        if (random.OneIn(50))
            target = GuestLayout.Nowhere + ((ulong)random.Below(1 << 16) << 4);
        record.X[n] = IsDoubledRegister(word)
            ? Math.Max(target, GuestLayout.Window + 16) / (1 + (1UL << RegisterShift(word)))
            : target - Displacement(word, in record);
        if (IsStoreExclusive(word) && !random.OneIn(4))
            record.Prefix = LoadExclusiveFor(word);
    }

    /// <summary>Makes a word use <paramref name="register"/> as base, without writeback and near it. False: it cannot.</summary>
    public static bool TryUseBase(ref uint word, int register, ref RandomSource random, ulong address)
    {
        if (IsLiteral(word))
        {
            word = WithLiteral(word, ref random, address);
            return true;
        }
        word = (word & ~(31u << 5)) | (uint)register << 5;
        bool isStructurePost = (word & 0xBE80_0000) == 0x0C80_0000;
        bool isPairWriteback = (word & 0x3A80_0000) == 0x2880_0000;
        bool isRegisterWriteback = (word & 0x3B20_0400) == 0x3800_0400;
        if (isStructurePost || isPairWriteback || isRegisterWriteback)
            return false;
        if ((word & 0x3B20_0C00) == 0x3820_0800)
            word |= 31 << 16; // The register offset is XZR.
        Record none = default;
        long displacement = (long)Displacement(word, in none);
        if ((word & 0x3B00_0000) == 0x3900_0000 && displacement > 48)
        {
            word &= ~(0xFFCu << 10);
            displacement = (long)Displacement(word, in none);
        }
        return displacement is >= -48 and <= 48;
    }

    /// <summary>A load or store may write <paramref name="register"/> or the one before it (CASP's second).</summary>
    public static bool MayWrite(uint word, int register) =>
        IsRegister(word, 0, register) || IsRegister(word, 10, register) || IsRegister(word, 16, register);

    private static bool IsRegister(uint word, int shift, int register) => (word >> shift & 31) == register || (word >> shift & 31) == register - 1;

    /// <summary>What the instruction adds to its base.</summary>
    private static ulong Displacement(uint word, in Record record)
    {
        uint size = word >> 30;
        bool isVector = (word >> 26 & 1) != 0;
        if ((word & 0x3A00_0000) == 0x2800_0000)
        {
            int scale = isVector ? 2 + (int)size : size == 2 ? 3 : 2;
            return (word >> 23 & 3) == 1 ? 0 : SignExtend(word >> 15, 7) << scale;
        }
        if ((word & 0x3A00_0000) != 0x3800_0000)
            return 0;
        if ((word >> 24 & 1) != 0)
            return (ulong)(word >> 10 & 0xFFF) << SizeShift(word);
        if ((word >> 21 & 1) == 0)
            return (word >> 10 & 3) == 1 ? 0 : SignExtend(word >> 12, 9);
        if ((word >> 10 & 3) != 2)
            return 0;
        int m = (int)(word >> 16 & 31);
        ulong offset = m == 31 ? 0 : record.X[m];
        offset = (word >> 13 & 7) switch { 2 => (uint)offset, 6 => (ulong)(int)offset, _ => offset };
        return offset << RegisterShift(word);
    }

    /// <summary>A register offset that is the base register: a quotient makes their sum come close to the target.</summary>
    private static bool IsDoubledRegister(uint word) => (word & 0x3B20_0C00) == 0x3820_0800 && (word >> 5 & 31) == (word >> 16 & 31);

    private static int RegisterShift(uint word) => (word >> 12 & 1) != 0 ? SizeShift(word) : 0;

    private static int SizeShift(uint word) => (word & 0x0480_0000) == 0x0480_0000 ? 4 : (int)(word >> 30);

    /// <summary>Exclusives, ordered accesses and LSE atomics fault when they are not aligned; qemu-user 7.2 does not always.</summary>
    private static bool MustBeAligned(uint word) => (word & 0x3F00_0000) == 0x0800_0000 || (word & 0x3F20_0C00) == 0x3820_0000;

    /// <summary>Load- and store-exclusives, not CASP, which lies among them.</summary>
    public static bool IsExclusive(uint word) => (word & 0x3F80_0000) == 0x0800_0000 && ((word >> 21 & 1) == 0 || word >> 31 == 1);

    private static bool IsStoreExclusive(uint word) => IsExclusive(word) && (word >> 22 & 1) == 0;

    /// <summary>The same size and address, with registers that the store does not use as address or data.</summary>
    private static uint LoadExclusiveFor(uint word)
    {
        uint n = word >> 5 & 31, t = word & 31, t2 = word >> 10 & 31;
        uint free = 0;
        while (free == n || free == t || free == t2)
            free++;
        uint free2 = free + 1;
        while (free2 == n || free2 == t || free2 == t2)
            free2++;
        bool pair = (word >> 21 & 1) != 0;
        return (word & 0xFFE0_83E0) | 1u << 22 | 31u << 16 | (pair ? free2 : 31u) << 10 | free;
    }

    private static bool IsLiteral(uint word) => (word & 0x3B00_0000) == 0x1800_0000;

    private static uint WithLiteral(uint word, ref RandomSource random, ulong address)
    {
        ulong target = GuestLayout.Literals + ((ulong)random.Below((0x1000 - 16) / 4) << 2);
        uint imm19 = (uint)((long)(target - address) >> 2) & 0x7FFFF;
        return (word & 0xFF00_001F) | imm19 << 5;
    }

    private static ulong SignExtend(uint value, int bits) => (ulong)((int)(value << (32 - bits)) >> (32 - bits));
}
