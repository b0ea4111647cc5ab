namespace Meanwhile.Differential.Tests.Engines;

/// <summary>Short runs of instructions that random words would not form: constants, indirect jumps, maintenance around a change.</summary>
internal static class ProgramMacros
{
    private const uint DataBarrier = 0xD503_3B9F, InstructionBarrier = 0xD503_3FDF;
    private const uint ForgetAddress = 0xD280_0009; // mov x9, #0

    /// <summary>Right before what must not be interrupted: a jump may lead into the middle of a macro.</summary>
    private const uint MaskAll = 0xD503_4FDF, UnmaskMost = 0xD503_47FF;

    /// <summary>Registers that are kept pointing at data, some of which live in host registers; 31 is SP.</summary>
    private static readonly int[] Bases = [2, 20, 22, 25, 28];

    /// <summary>
    /// Holds a value for TTBR0_EL1; nothing else writes it, since a jump may lead right to the move.
    /// </summary>
    public const int TableRegister = 29;

    public static bool IsBase(int register) => Array.IndexOf(Bases, register) >= 0;

    public static int Base(ref RandomSource random) => random.OneIn(6) ? 31 : Bases[random.Below(Bases.Length)];

    /// <summary>An address in a data window, more often than not near the edge of a page.</summary>
    public static ulong DataAddress(ref RandomSource random)
    {
        ulong page = (random.OneIn(3) ? TwinLayout.Upper : TwinLayout.Lower)
            + ((ulong)(TwinLayout.DataWindow + random.Below(TwinLayout.WindowPages)) * TwinLayout.PageSize);
        ulong offset = random.Below(4) switch
        {
            0 => (ulong)(0x1000 - random.Below(40)),
            1 => (ulong)random.Below(0x1000) & ~15UL,
            2 => (ulong)random.Below(0x200) << 3,
            _ => (ulong)random.Below(0x1000),
        };
        return page + offset;
    }

    /// <summary>An address in a code window, the last words of pages more often than others.</summary>
    public static ulong CodeAddress(bool upper, ref RandomSource random) =>
        (upper ? TwinLayout.Upper : TwinLayout.Lower)
        + ((ulong)(TwinLayout.CodeWindow + random.Below(TwinLayout.WindowPages)) * TwinLayout.PageSize)
        + (random.OneIn(8) ? 0x1000 - (4 * (ulong)(1 + random.Below(4))) : (ulong)random.Below(0x400) << 2);

    /// <summary>One of the macros, for the words at <paramref name="at"/>.</summary>
    public static uint[] Make(int at, ref RandomSource random)
    {
        switch (random.Below(30))
        {
            case 0:
                return [0xD503_205F, 0xD503_205F]; // wfe, wfe: the event register is set after ERET.
            case < 9:
                int register = Base(ref random);
                return register == 31
                    ? [.. Constant(9, DataAddress(ref random) & ~(random.OneIn(4) ? 0 : 15UL)), 0x9100_013F] // mov sp, x9
                    : Constant(register, DataAddress(ref random));
            case < 13:
                // adr x9, …; br or blr x9. Seldom misaligned.
                int target = ((random.Below(0x400) * 4) - (at * 4)) | (random.OneIn(20) ? random.Below(4) : 0);
                return [Adr(9, target), random.OneIn(2) ? 0xD61F_0120 : 0xD63F_0120];
            case 13:
                return [.. Constant(9, CodeAddress(random.OneIn(3), ref random)), random.OneIn(2) ? 0xD61F_0120 : 0xD63F_0120];
            case < 16:
                (ulong pc, ulong pstate) = ProgramGenerator.MakePad(ref random);
                return [.. Constant(9, pc), .. Constant(10, pstate), 0xD518_4029, 0xD518_400A, 0xD69F_03E0]; // msr elr_el1; msr spsr_el1; eret
            case 16:
                // Its own ASID for each. The value is one literal, so that no jump makes another: ldr x29, 1f; msr ttbr0_el1, x29; b 2f; 1: ...; 2:
                ulong root = TwinLayout.Root(random.Below(2));
                return [0x5800_007D, 0xD518_201D, 0x1400_0003, (uint)root, (uint)(root >> 32), InstructionBarrier];
            case < 19:
                return ChangeMapping(ref random);
            case 19:
                return [.. Constant(9, random.Next() & (3 << 20)), 0xD518_1049, InstructionBarrier]; // msr cpacr_el1, x9
            case < 22:
                return Loop(at, ref random);
            case < 25:
                return ProgramFlags.Loop(ref random);
            case < 28:
                return AccessRun(ref random);
            default:
                return ChangeCode(ref random);
        }
    }

    /// <summary>
    /// A counted loop of anything, ways out and in included. Its registers are chosen at random, so that most live in memory outside of loops and few
    /// of the others are used: the translator gives most of these loops a register mapping of their own.
    /// </summary>
    private static uint[] Loop(int at, ref RandomSource random)
    {
        const uint counter = 23;
        List<uint> words = [.. Constant((int)counter, 1 + (ulong)random.Below(12))];
        int head = words.Count, end = head + 3 + random.Below(14);
        while (words.Count < end)
        {
            uint word = ProgramGenerator.MakeWord(at + words.Count, ref random);
            if ((word & 31) != counter && (word >> 10 & 31) != counter && (word >> 16 & 31) != counter)
                words.Add(word);
        }
        words.Add(0xF100_0400 | counter << 5 | counter); // subs x23, x23, #1
        words.Add(0x5400_0001 | ((uint)(head - words.Count) & 0x7_FFFF) << 5); // b.ne to the head
        return [.. words];
    }

    /// <summary>Another mapping for a page, with the invalidation that DDI0487 D8.13.5 asks for.</summary>
    private static uint[] ChangeMapping(ref RandomSource random)
    {
        int table = random.Below(3);
        bool upper = table == 1, code = random.OneIn(3);
        int page = (code ? TwinLayout.CodeWindow : TwinLayout.DataWindow) + random.Below(TwinLayout.WindowPages);
        ulong descriptor = code ? TwinPageTables.CodePage(upper, ref random) : TwinPageTables.DataPage(upper, ref random);
        ulong entry = TwinLayout.Upper + ((ulong)(TwinLayout.TablePage + table) * TwinLayout.PageSize) + ((ulong)page * 8);
        ulong va = (upper ? TwinLayout.Upper : TwinLayout.Lower) + ((ulong)page * TwinLayout.PageSize);
        // A page of code that has changed is jumped to again, by a way that may have been taken before.
        uint[] jump = code ? [.. Constant(9, va + ((ulong)random.Below(8) << 7)), random.OneIn(2) ? 0xD61F_0120 : 0xD63F_0120] : [];
        return
        [
            .. code && random.OneIn(2) ? jump : [],
            .. Constant(9, entry), .. Constant(10, descriptor), .. Constant(11, va << 8 >> 20 & 0xFFF_FFFF_FFFF),
            MaskAll, 0xF900_012A, DataBarrier, // str x10, [x9]
            random.OneIn(2) ? 0xD508_876Bu : 0xD508_871F, // tlbi vaae1, x11; tlbi vmalle1
            DataBarrier, InstructionBarrier, ForgetAddress, UnmaskMost,
            .. jump,
        ];
    }

    /// <summary>Loads and stores that follow each other from one base register, which some of them and additions between them move.</summary>
    private static uint[] AccessRun(ref RandomSource random)
    {
        int register = Base(ref random), source = register == 31 ? 9 : register;
        List<uint> words = [.. Constant(source, DataAddress(ref random) & ~(random.OneIn(4) ? 0 : 15UL))];
        if (register == 31)
            words.Add(0x9100_013F); // mov sp, x9
        uint n = (uint)register << 5;
        for (int count = 2 + random.Below(6); count > 0; count--)
        {
            // Not the base, but in a load that does not move it.
            uint t = (uint)random.Below(10), t2 = (t + 1) % 10, load = (uint)random.Below(2) << 22;
            if (t is 2 or 9 || t2 is 2 or 9)
                (t, t2) = (0, 3);
            uint sizes = (uint)random.Below(4) << 30, imm7 = ((uint)(random.Below(16) - 8) & 0x7F) << 15;
            // Multiples of 16 keep SP aligned.
            uint imm9 = (uint)(random.OneIn(2) ? (random.Below(9) - 4) * 16 : random.Below(64) - 32) & 0x1FF;
            words.Add(random.Below(9) switch
            {
                0 => 0xA900_0000 | load | imm7 | t2 << 10 | n | t, // stp, ldp
                1 => 0xA980_0000 | load | (imm7 & ~(1U << 15)) | t2 << 10 | n | t, // pre-indexed
                2 => 0xA880_0000 | load | (imm7 & ~(1U << 15)) | t2 << 10 | n | t, // post-indexed
                3 => 0x2900_0000 | load | imm7 | t2 << 10 | n | t, // 32 bits
                4 => 0x3800_0000 | sizes | load | imm9 << 12 | n | t, // stur, ldur
                5 => 0x3800_0400 | sizes | load | (random.OneIn(2) ? 0x800U : 0) | imm9 << 12 | n | t, // pre-indexed, post-indexed
                6 => 0x3880_0000 | (sizes & 1U << 30) | load | imm9 << 12 | n | t, // ldursb, ldursh
                7 => 0x9100_0000 | (uint)random.Below(2) << 30 | (uint)random.Below(3) << 14 | n | (random.OneIn(2) ? t : n >> 5), // add, sub
                _ => 0x3900_0000 | sizes | load | (uint)random.Below(8) << 10 | n | (random.OneIn(8) && register != 31 ? n >> 5 : t), // strb to ldr, also of the base
            });
        }
        return [.. words];
    }

    /// <summary>Another instruction in a code frame. While interrupts are masked, nothing can run it before it is made visible.</summary>
    private static uint[] ChangeCode(ref RandomSource random)
    {
        ulong address = TwinLayout.Upper + (TwinLayout.WritableCodePage * TwinLayout.PageSize)
            + ((ulong)random.Below(TwinLayout.CodeFrames) * TwinLayout.PageSize) + ((ulong)ProgramGenerator.ChangeableWord(ref random) * 4);
        return
        [
            .. Constant(9, address), .. Constant(10, ProgramGenerator.MakeWord(0, ref random)),
            MaskAll, 0xB900_012A, 0xD50B_7B29, DataBarrier, random.OneIn(8) ? 0xD508_751Fu : 0xD50B_7529, DataBarrier, InstructionBarrier, ForgetAddress, UnmaskMost, // str w10, [x9]; dc cvau, x9; ic iallu or ivau, x9
        ];
    }

    /// <summary>MOVZ or MOVN, and MOVKs.</summary>
    public static uint[] Constant(int register, ulong value)
    {
        List<uint> words = [];
        bool inverted = value >> 48 == 0xFFFF;
        for (int half = 3; half >= 0; half--)
        {
            uint part = (uint)(value >> (half * 16)) & 0xFFFF;
            uint place = (uint)half << 21 | (uint)register;
            if (words.Count > 0)
            {
                if (part != (inverted ? 0xFFFFu : 0))
                    words.Add(0xF280_0000 | place | part << 5);
            }
            else if (inverted && (part != 0xFFFF || half == 0))
            {
                words.Add(0x9280_0000 | place | (~part & 0xFFFF) << 5);
            }
            else if (!inverted && (part != 0 || half == 0))
            {
                words.Add(0xD280_0000 | place | part << 5);
            }
        }
        return [.. words];
    }

    private static uint Adr(int register, int offset) =>
        0x1000_0000 | (uint)register | ((uint)offset & 3) << 29 | ((uint)(offset >> 2) & 0x7FFFF) << 5;
}
