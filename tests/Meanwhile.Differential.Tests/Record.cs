using System.Runtime.InteropServices;

namespace Meanwhile.Differential.Tests;

/// <summary>Instructions and the state they start from; the layout is Runner/runner.c's struct record.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Record
{
    public const uint Nop = 0xD503_201F;
    public const int MaximumLength = 15;

    /// <summary>Instructions in <see cref="Code"/>: two for a single one under test, which is the second.</summary>
    public uint Length;

    public fixed uint Code[MaximumLength];

    public uint Nzcv;
    public uint Fpcr;
    public uint Fpsr;
    public uint Padding;

    /// <summary>What the memory window is filled from; see <see cref="GuestLayout.Fill"/>. Never zero.</summary>
    public ulong MemorySeed;

    /// <summary>X0..X30 and SP.</summary>
    public fixed ulong X[32];

    public fixed ulong V[64];

    /// <summary>The instruction under test, where there is one.</summary>
    public uint Word
    {
        readonly get => Code[1];
        set => Code[1] = value;
    }

    /// <summary>What runs before it: a load-exclusive before a store-exclusive, else NOP.</summary>
    public uint Prefix
    {
        readonly get => Code[0];
        set => Code[0] = value;
    }
}

/// <summary>The state after it; the layout is Runner/runner.c's struct result.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Result
{
    public Outcome Outcome;
    public uint Nzcv;
    public uint Fpcr;
    public uint Fpsr;
    public ulong FaultAddress;

    /// <summary>The instruction that faulted, in a sequence.</summary>
    public ulong Pc;
    public fixed ulong X[32];
    public fixed ulong V[64];
    public fixed byte Window[GuestLayout.WindowBytes];
}

/// <summary>How an instruction ended: Linux's signal numbers, below 4 what is not a signal.</summary>
internal enum Outcome : uint
{
    FellThrough = 0,
    Branched = 1,

    /// <summary>SIGILL: UNDEFINED.</summary>
    Undefined = 4,

    /// <summary>SIGTRAP: BRK.</summary>
    Breakpoint = 5,

    /// <summary>SIGBUS: an alignment fault.</summary>
    AlignmentFault = 7,

    /// <summary>SIGSEGV: a data or instruction abort.</summary>
    Fault = 11,

    /// <summary>Something that only our side can tell: an exception or exit that user mode has no signal for.</summary>
    Other = 100,
}
