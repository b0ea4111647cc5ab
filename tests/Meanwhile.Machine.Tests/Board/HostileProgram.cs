using System.Runtime.InteropServices;
using Meanwhile.Machine.Board;

namespace Meanwhile.Machine.Tests.Board;

/// <summary>
/// Guest code that does anything, from a seed: any words, loads and stores to any address, writes to any system register, calls with any
/// arguments, translation tables that lead anywhere. What it does to itself it survives, by exception handlers that go on elsewhere.
/// </summary>
internal sealed class HostileProgram
{
    /// <summary>Where it starts, and its vectors (both also words of <see cref="Vector"/>).</summary>
    internal const ulong Code = MemoryMap.Ram + 0x1_0000;
    internal const ulong Vectors = MemoryMap.Ram;

    private const ulong Handler = MemoryMap.Ram + 0x800;
    private const ulong SharedBlock = MemoryMap.Ram + 0x3000;
    private const ulong Tables = MemoryMap.Ram + 0x2_0000;
    private const int TableCount = 16;
    private const int CodeWords = 8192;
    private const ulong NotPresentEvent = 0x4040_0001;

    /// <summary>Other exceptions: skips an instruction, or goes to an arbitrary one at EL0 or EL1.</summary>
    private static readonly uint[] Vector =
    [
        0xd538521d, // mrs x29, esr_el1
        0xd35affbd, // lsr x29, x29, #26
        0x927f13bd, // and x29, x29, #0x3e
        0xf10083bf, // cmp x29, #0x20
        0x540001c0, // b.eq elsewhere
        0xf1008bbf, // cmp x29, #0x22
        0x54000180, // b.eq elsewhere
        0xf1003bbf, // cmp x29, #0xe
        0x54000140, // b.eq elsewhere
        0xd53be05d, // mrs x29, cntvct_el0
        0xf27f0fbf, // tst x29, #0x1e
        0x540000a0, // b.eq elsewhere
        0xd538403d, // mrs x29, elr_el1
        0x910013bd, // add x29, x29, #0x4
        0xd518403d, // msr elr_el1, x29
        0xd69f03e0, // eret
        0xd53be05d, // mrs x29, cntvct_el0
        0xf27f07bf, // tst x29, #0x6
        0x9a9f07fe, // cset x30, ne
        0x8b1e0bde, // add x30, x30, x30, lsl #2
        0xd518401e, // msr spsr_el1, x30
        0xd37e33bd, // ubfiz x29, x29, #2, #13
        0xd2a8001e, // mov x30, #0x40000000
        0x8b1e03bd, // add x29, x29, x30
        0x914043bd, // add x29, x29, #0x10, lsl #12
        0xd518403d, // msr elr_el1, x29
        0xd69f03e0, // eret
    ];

    /// <summary>Interrupts: stops the timers, frees the shared block and acknowledges page-ready.</summary>
    private static readonly uint[] InterruptVector =
    [
        0xd538cc1d, // mrs x29, icc_iar1_el1
        0xd51be33f, // msr cntv_ctl_el0, xzr
        0xd51be23f, // msr cntp_ctl_el0, xzr
        0xd518cc3d, // msr icc_eoir1_el1, x29
        0xaa0003fd, // mov x29, x0
        0xaa0103fe, // mov x30, x1
        0xd2a80000, // mov x0, #0x40000000
        0x91400c00, // add x0, x0, #0x3, lsl #12
        0xf900001f, // str xzr, [x0]
        0x52800040, // mov w0, #0x2
        0x72b0c000, // movk w0, #0x8600, lsl #16
        0x528000a1, // mov w1, #0x5
        0xd4000002, // hvc #0x0
        0xaa1d03e0, // mov x0, x29
        0xaa1e03e1, // mov x1, x30
        0xd69f03e0, // eret
    ];

    /// <summary>The page-not-present event: frees the shared block and completes.</summary>
    private static readonly uint[] NotPresent =
    [
        0xd2a80000, // mov x0, #0x40000000
        0x91400c00, // add x0, x0, #0x3, lsl #12
        0xf900001f, // str xzr, [x0]
        0x528004a0, // mov w0, #0x25
        0x72b88000, // movk w0, #0xc400, lsl #16
        0xd4000002, // hvc #0x0
    ];

    // op0 op1 CRn CRm op2 as in an MSR's word.
    private static readonly uint[] Registers =
    [
        .. new (uint Op0, uint Op1, uint Crn, uint Crm, uint Op2)[]
        {
            // Translation, exceptions, debug.
            (3, 0, 1, 0, 0), (3, 0, 1, 0, 2), (3, 0, 2, 0, 0), (3, 0, 2, 0, 1), (3, 0, 2, 0, 2), (3, 0, 10, 2, 0),
            (3, 0, 4, 0, 0), (3, 0, 4, 0, 1), (3, 0, 4, 1, 0), (3, 3, 4, 2, 1), (2, 0, 0, 2, 2), (2, 0, 1, 0, 4),
            // CNTKCTL_EL1, CNTP_*, CNTV_*.
            (3, 0, 14, 1, 0), (3, 3, 14, 2, 0), (3, 3, 14, 2, 1), (3, 3, 14, 2, 2), (3, 3, 14, 3, 0), (3, 3, 14, 3, 1), (3, 3, 14, 3, 2),
            // ICC_*.
            (3, 0, 4, 6, 0), (3, 0, 12, 8, 0), (3, 0, 12, 8, 1), (3, 0, 12, 8, 3), (3, 0, 12, 8, 4), (3, 0, 12, 9, 0), (3, 0, 12, 11, 1),
            (3, 0, 12, 11, 5), (3, 0, 12, 11, 6), (3, 0, 12, 11, 7), (3, 0, 12, 12, 1), (3, 0, 12, 12, 3), (3, 0, 12, 12, 4),
            (3, 0, 12, 12, 6), (3, 0, 12, 12, 7),
        }.Select(Key),
    ];

    private readonly Random random;
    private readonly ulong ramEnd;
    private readonly List<uint> words = [];

    /// <param name="seed">What it is made from.</param>
    /// <param name="ramSize">Size of RAM in bytes.</param>
    internal HostileProgram(int seed, long ramSize)
    {
        random = new Random(seed);
        ramEnd = MemoryMap.Ram + (ulong)ramSize;
        bool translated = seed % 2 != 0;
        Start(translated);
        while (words.Count < CodeWords)
            Snippet();
        var image = new byte[Tables - MemoryMap.Ram + (TableCount * 4096)];
        for (int vector = 0; vector < 16; vector++)
            Put(image, Vectors + ((ulong)vector * 0x80), vector % 4 == 1 ? InterruptVector : Vector);
        Put(image, Handler, NotPresent);
        Put(image, Code, [.. words.Take(CodeWords)]);
        MemoryMarshal.AsBytes<ulong>(MakeTables()).CopyTo(image.AsSpan((int)(Tables - MemoryMap.Ram)));
        Image = image;
    }

    /// <summary>What is in RAM from its beginning.</summary>
    internal byte[] Image { get; }

    private static void Put(byte[] image, ulong address, uint[] words) =>
        MemoryMarshal.AsBytes<uint>(words).CopyTo(image.AsSpan((int)(address - MemoryMap.Ram)));

    private static uint Key((uint Op0, uint Op1, uint Crn, uint Crm, uint Op2) register) =>
        (register.Op0 << 19) | (register.Op1 << 16) | (register.Crn << 12) | (register.Crm << 8) | (register.Op2 << 5);

    private void Start(bool translated)
    {
        Write((3, 0, 1, 0, 2), 3 << 20); // CPACR_EL1: no FP trap
        Write((3, 0, 4, 6, 0), 0xF8); // ICC_PMR_EL1
        Write((3, 0, 12, 12, 7), 1); // ICC_IGRPEN1_EL1
        Call(0xC400_0021, NotPresentEvent, Handler, 0, 0); // EVENT_REGISTER
        Call(0xC400_0022, NotPresentEvent);
        Call(0xC400_002C); // PE_UNMASK
        Call(0x8600_0002, 4, SharedBlock | 1 | (random.NextUInt64() & 2), 0); // ENABLE
        words.Add(0xD503_42FF); // msr daifclr, #2
        if (!translated)
            return;
        Write((3, 0, 10, 2, 0), 0x44_00_FF); // MAIR_EL1: normal, device, non-cacheable
        // TCR_EL1: both ranges of 39 bits, of 4 KiB granules; hardware access flag and dirty state in some.
        Write((3, 0, 2, 0, 2), 0x0000_0004_B519_3519 | ((random.NextUInt64() & 3) << 39));
        Write((3, 0, 2, 0, 0), Tables);
        Write((3, 0, 2, 0, 1), Tables);
        words.Add(0xD503_3FDF); // isb
        Write((3, 0, 1, 0, 0), 0x30D0_1805 | (random.NextUInt64() & 2)); // SCTLR_EL1: MMU on
        words.Add(0xD503_3FDF);
    }

    private void Snippet()
    {
        switch (random.Next(16))
        {
            case < 4:
                words.Add((uint)random.NextInt64(1L << 32));
                break;
            case < 7:
                Constant((uint)random.Next(8), Address());
                break;
            case < 11:
                // Any load or store, based on one of the registers that have addresses.
                uint word = (uint)random.NextInt64(1L << 32);
                words.Add((word & ~(1u << 25) & ~(0x1Fu << 5)) | (1u << 27) | ((uint)random.Next(8) << 5));
                break;
            case 11:
                words.Add(0xD50B_7420 | (uint)random.Next(8)); // dc zva
                break;
            case 12:
                // Any of the SYS space: cache and TLB maintenance, AT.
                words.Add(0xD508_0000 | (uint)random.Next(1 << 19));
                break;
            case 13:
                bool known = random.Next(4) != 0;
                uint register = known ? Registers[random.Next(Registers.Length)] : (2u << 19) | (uint)random.Next(1 << 20);
                if (random.Next(2) == 0)
                    Constant(7, random.Next(2) == 0 ? Address() : random.NextUInt64() >> random.Next(64));
                words.Add(0xD510_0000 | (register & 0x1F_FFE0) | (random.Next(4) == 0 ? 1u << 21 : 0) | 7);
                break;
            case 14:
                RandomCall();
                break;
            default:
                words.Add(random.Next(12) switch
                {
                    0 => 0xD503_207F, // wfi
                    1 => 0xD503_205F, // wfe
                    2 => 0xD69F_03E0, // eret
                    3 => 0xD503_3FDF, // isb
                    4 => 0xD400_0001, // svc
                    5 => 0xD503_42FF, // msr daifclr, #2
                    6 => 0xD61F_0000 | ((uint)random.Next(8) << 5), // br
                    _ => 0x1400_0000 | ((uint)random.Next(-256, 256) & 0x3FF_FFFF), // b
                });
                break;
        }
    }

    private void RandomCall()
    {
        switch (random.Next(8))
        {
            case 0:
                // The shared block is free, and page-ready acknowledged.
                Constant(1, SharedBlock);
                words.Add(0xF900_003F); // str xzr, [x1]
                Call(0x8600_0002, 5);
                break;
            case 1:
                ulong address = random.Next(2) == 0 ? SharedBlock : Address();
                Call(0x8600_0002, 4, (uint)address & ~0x3Fu | (uint)random.Next(4), address >> 32);
                break;
            case 2:
                Call(0x8600_0000 + (ulong)random.Next(40), (ulong)random.Next(8), random.NextUInt64(), random.NextUInt64());
                break;
            case 3:
                // Not what ends the run: CPU_OFF, SYSTEM_OFF, SYSTEM_RESET.
                int function = random.Next(4) switch { 0 => 1, 1 => 3, 2 => 4, _ => 0x50 + random.Next(5) };
                Call((random.Next(2) == 0 ? 0x8400_0000u : 0xC400_0000u) + (ulong)function, Address(), Address(), 1);
                break;
            case 4:
                ulong number = random.Next(3) == 0 ? random.NextUInt64() : NotPresentEvent * (ulong)random.Next(2);
                Call(0xC400_0021, number, Address(), Address(), (ulong)random.Next(2));
                break;
            case 5:
                Call(random.NextUInt64(), random.NextUInt64(), random.NextUInt64(), random.NextUInt64(), random.NextUInt64());
                break;
            default:
                ulong sdei = 0xC400_0020 + (ulong)random.Next(24);
                Call(sdei, NotPresentEvent * (ulong)random.Next(2), (ulong)random.Next(4), random.NextUInt64());
                break;
        }
    }

    private ulong Address() => random.Next(12) switch
    {
        0 => MemoryMap.GicDistributor + (ulong)random.Next(0x1_0000),
        1 => MemoryMap.GicRedistributor + (ulong)random.Next(0x2_0000),
        2 => MemoryMap.Pl011 + (ulong)random.Next(0x1_1000),
        3 => MemoryMap.VirtioMmio + (ulong)(random.Next(3) * 0x200) + (ulong)random.Next(0x110),
        4 => ramEnd - (ulong)random.Next(80),
        5 => random.NextUInt64() >> random.Next(64),
        6 => Tables + (ulong)random.Next(TableCount * 4096),
        7 => Code + ((ulong)random.Next(CodeWords) * 4),
        // Near the end of a page.
        8 => MemoryMap.Ram + ((ulong)random.NextInt64((long)(ramEnd - MemoryMap.Ram)) | 0xFFF) - (ulong)random.Next(64),
        9 => MemoryMap.Ram - (ulong)random.Next(80),
        _ => MemoryMap.Ram + (ulong)random.NextInt64((long)(ramEnd - MemoryMap.Ram)),
    };

    /// <summary>The first table is of level 1, the others of any: most entries lead to tables, RAM and devices, some nowhere.</summary>
    private ulong[] MakeTables()
    {
        var entries = new ulong[TableCount * 512];
        for (int index = 0; index < entries.Length; index++)
            entries[index] = Descriptor();
        // The first 2 MiB of RAM are as they are, so that the program goes on.
        entries[MemoryMap.Ram >> 30] = (Tables + 4096) | 3;
        entries[512] = MemoryMap.Ram | 0x701;
        return entries;
    }

    private ulong Descriptor()
    {
        ulong accessFlag = random.Next(8) == 0 ? 0u : 0x400u;
        ulong attributes = ((ulong)random.Next(3) << 2) | ((ulong)random.Next(4) << 6) | 0x300 | accessFlag
            | ((ulong)random.Next(2) << 11) | ((ulong)random.Next(16) << 51);
        return random.Next(8) switch
        {
            0 => random.NextUInt64(),
            1 => 0,
            2 => (Address() & 0xFFFF_FFFF_F000) | attributes | 3,
            3 => (Address() & 0xFFFF_FFE0_0000) | attributes | 1,
            4 => MemoryMap.Ram | attributes | 1,
            _ => (Tables + ((ulong)random.Next(1, TableCount) << 12)) | 3,
        };
    }

    private void Write((uint Op0, uint Op1, uint Crn, uint Crm, uint Op2) register, ulong value)
    {
        Constant(7, value);
        words.Add(0xD500_0000 | Key(register) | 7);
    }

    private void Call(params ulong[] arguments)
    {
        for (int index = 0; index < arguments.Length; index++)
            Constant((uint)index, arguments[index]);
        words.Add(0xD400_0002);
    }

    private void Constant(uint register, ulong value)
    {
        words.Add(0xD280_0000 | ((uint)(value & 0xFFFF) << 5) | register);
        for (uint part = 1; part < 4; part++)
        {
            uint bits = (uint)(value >> (int)(16 * part)) & 0xFFFF;
            if (bits != 0)
                words.Add(0xF280_0000 | (part << 21) | (bits << 5) | register);
        }
    }
}

internal static class RandomWords
{
    /// <summary>64 random bits.</summary>
    internal static ulong NextUInt64(this Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue);
}
