namespace Meanwhile.Differential.Tests;

/// <summary>Where things are for the instruction under test: the constants of Runner/runner.c.</summary>
internal static unsafe class GuestLayout
{
    public const int BatchSize = 4096;
    public const int WindowBytes = 256;
    public const ulong WindowPages = 0x2000_0000;

    /// <summary>The memory that is compared; a page boundary is in its middle.</summary>
    public const ulong Window = WindowPages + 0x1000 - (WindowBytes / 2);

    /// <summary>A page of constants within reach of PC-relative loads.</summary>
    public const ulong Literals = 0x300A_0000;
    public const ulong LiteralsSeed = 0x4C69_7465_7261_6C73;

    /// <summary>An address that nothing is mapped at, nor anywhere near.</summary>
    public const ulong Nowhere = 0x1000_0000;

    /// <summary>A page with the ways out: fallen through at its start, branched at 32.</summary>
    public const ulong Exits = 0x3000_0000;
    public const ulong Slots = Exits + 0x1000;
    public const int SlotBytes = 128;

    /// <summary>Address of the first instruction of a slot of a batch, after the one that completes the state.</summary>
    public static ulong SequenceAddress(int slot) => Slots + (ulong)(slot * SlotBytes) + 4;

    /// <summary>Address of the instruction under test in a slot of a batch; the prefix is just before it.</summary>
    public static ulong InstructionAddress(int slot) => SequenceAddress(slot) + 4;

    /// <summary>Where a taken branch must lead: two instructions on.</summary>
    public static ulong BranchTarget(int slot) => InstructionAddress(slot) + 8;

    /// <summary>Fills memory from a seed, as the runner does.</summary>
    public static void Fill(byte* memory, int bytes, ulong seed)
    {
        for (int offset = 0; offset < bytes; offset += sizeof(ulong))
        {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            *(ulong*)(memory + offset) = seed;
        }
    }
}
