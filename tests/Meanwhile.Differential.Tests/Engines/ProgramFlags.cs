namespace Meanwhile.Differential.Tests.Engines;

/// <summary>
/// Loops in which NZCV is set from few registers, which are overwritten soon, and read late: after accesses that may fault, across blocks, by what follows
/// the loop. The translator does not store flags that it can compute again.
/// </summary>
internal static class ProgramFlags
{
    private const uint Counter = 23;

    private const uint Wide = 1U << 31;

    /// <summary>The first three live in host registers outside of loops.</summary>
    private static readonly uint[] Registers = [0, 1, 3, 6, 7, 31];

    /// <summary>Kept pointing at data by other macros.</summary>
    private static readonly uint[] Bases = [2, 20, 22, 25, 28];

    public static uint[] Loop(ref RandomSource random)
    {
        List<uint> words = [.. ProgramMacros.Constant((int)Counter, 1 + (ulong)random.Below(12))];
        int head = words.Count, end = head + 1 + random.Below(14);
        while (words.Count < end)
            words.Add(Word(end - words.Count, ref random));
        switch (random.Below(4))
        {
            case 0:
                words.Add(0xD100_0400 | Counter << 5 | Counter); // sub x23, x23, #1
                words.Add(Word(1, ref random));
                words.Add(0xB500_0000 | Back(words.Count, head) | Counter); // cbnz x23 to the head
                break;
            case 1:
                words.Add(0xD100_0400 | Counter << 5 | Counter);
                words.Add(0xB400_0040 | Counter); // cbz x23, over the next
                words.Add(0x1400_0000 | ((uint)(head - words.Count) & 0x3FF_FFFF));
                break;
            default:
                words.Add(0xF100_0400 | Counter << 5 | Counter); // subs x23, x23, #1
                if (random.OneIn(3))
                    words.Add(Access(ref random));
                words.Add(0x5400_0001 | Back(words.Count, head)); // b.ne to the head
                break;
        }
        for (int count = random.Below(3); count > 0; count--)
            words.Add(random.OneIn(2) ? Reader(ref random) : Overwrite(ref random));
        return [.. words];
    }

    private static uint Back(int at, int head) => ((uint)(head - at) & 0x7_FFFF) << 5;

    /// <summary>With <paramref name="room"/> words of the loop left; branches may lead out of it.</summary>
    private static uint Word(int room, ref RandomSource random) => random.Below(16) switch
    {
        < 6 => Setter(ref random),
        < 8 => Overwrite(ref random),
        < 10 => Access(ref random),
        < 12 => Reader(ref random),
        < 14 => 0x5400_0000 | (uint)(1 + random.Below(Math.Min(room + 5, 7))) << 5 | (uint)random.Below(15), // b.cond
        14 => 0x3400_0000 | (uint)random.Below(2) << 24 | (uint)(1 + random.Below(Math.Min(room + 5, 7))) << 5 | Register(ref random), // cbz, cbnz
        _ => 0xD53B_4200 | Register(ref random), // mrs x, nzcv
    };

    private static uint Register(ref RandomSource random) => Registers[random.Below(Registers.Length)];

    /// <summary>Not SP or XZR: a load or an addition would mean another.</summary>
    private static uint Changed(ref RandomSource random) => Registers[random.Below(Registers.Length - 1)];

    private static uint Setter(ref RandomSource random)
    {
        uint wide = random.OneIn(2) ? Wide : 0, d = Register(ref random), n = Register(ref random) << 5, m = Register(ref random) << 16;
        uint subtract = random.OneIn(3) ? 0 : 1U << 30, constant = (uint)(random.OneIn(2) ? random.Below(3) : random.Below(0x1000)) << 10;
        return random.Below(9) switch
        {
            < 3 => 0x3100_0000 | wide | subtract | (random.OneIn(4) ? 1U << 22 : 0) | constant | n | d, // adds, subs (immediate)
            < 6 => 0x2B00_0000 | wide | subtract | m | n | d, // adds, subs
            6 => 0x6A00_0000 | wide | (random.OneIn(3) ? 1U << 21 : 0) | m | n | d, // ands, bics
            7 => 0x7200_0000 | wide | (uint)random.Below(16) << 16 | (uint)random.Below(16) << 10 | n | d, // ands (immediate)
            _ => 0x3A40_0000 | wide | subtract | (uint)random.Below(16) << 12 | m | n | (uint)random.Below(16), // ccmn, ccmp
        };
    }

    private static uint Overwrite(ref RandomSource random)
    {
        uint d = Changed(ref random), n = Register(ref random), m = Register(ref random) << 16;
        return random.Below(4) switch
        {
            0 => 0xD280_0000 | (uint)random.Below(0x10000) << 5 | d, // mov
            1 => 0x9100_0400 | Changed(ref random) << 5 | d, // add x, x, #1
            2 => 0x8B00_0000 | m | n << 5 | d, // add
            _ => 0xCA00_0000 | m | n << 5 | d, // eor
        };
    }

    private static uint Access(ref RandomSource random)
    {
        uint sizes = (uint)random.Below(4) << 30, n = Bases[random.Below(Bases.Length)] << 5;
        return random.OneIn(2)
            ? 0x3900_0000 | sizes | (uint)random.Below(2) << 22 | (uint)random.Below(8) << 10 | n | Register(ref random) // strb to ldr
            : 0x3800_0400 | sizes | (uint)random.Below(2) << 22 | (uint)(random.Below(32) + 496 & 0x1FF) << 12 | n | Register(ref random); // post-indexed
    }

    private static uint Reader(ref RandomSource random)
    {
        uint d = Changed(ref random), n = Register(ref random) << 5, m = Register(ref random) << 16, wide = random.OneIn(2) ? Wide : 0;
        return random.Below(3) switch
        {
            0 => 0x1A80_0000 | wide | (uint)random.Below(2) << 10 | (uint)random.Below(16) << 12 | m | n | d, // csel, csinc
            1 => 0x1A00_0000 | wide | (uint)random.Below(2) << 30 | m | n | d, // adc, sbc
            _ => 0x3A00_0000 | wide | (uint)random.Below(2) << 30 | m | n | d, // adcs, sbcs
        };
    }
}
