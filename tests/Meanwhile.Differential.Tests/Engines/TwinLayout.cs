namespace Meanwhile.Differential.Tests.Engines;

/// <summary>Where things are in the memory of the machines that run beside each other.</summary>
/// <remarks>
/// Two windows of pages, in the lower and the upper address range: code, data, and (upper only) what belongs to the vectors. Nothing that random
/// loads and stores reach is ever executed, and code is only written by <see cref="ProgramMacros"/>, with the maintenance that it needs.
/// </remarks>
internal static class TwinLayout
{
    public const ulong Ram = 0x4000_0000;
    public const int FrameCount = 64;
    public const ulong Device = 0x0900_0000;
    public const ulong PageSize = 0x1000;

    // Frames: pages of RAM.
    public const int LowerTables = 0, UpperTables = 3, OtherTables = 6;
    public const int VectorFrame = 16, HandlerDataFrame = 18;
    public const int CodeFrame = 24, CodeFrames = 5;
    public const int DataFrame = 40, DataFrames = 16;

    // 39-bit ranges; each window is one level 3 table. Their pages do not compete for TLB entries: a table may be changed before what was
    // made from it is invalidated, and until then the engines may differ in what they have forgotten.
    public const ulong Lower = 0x12_3400_0000;
    public const ulong Upper = 0xFFFF_FFB0_1220_0000;

    // Pages of the windows.
    public const int CodeWindow = 0, DataWindow = 32, WindowPages = 16;
    public const int HandlerDataPage = 60, VectorPage = 62;

    /// <summary>Upper only: the level 3 tables (lower, upper, the other lower one) and the code frames, writable at EL1.</summary>
    public const int TablePage = 256, WritableCodePage = 260;

    /// <summary>TTBR0_EL1 for one of two address spaces.</summary>
    public static ulong Root(int space) => Frame(space == 0 ? LowerTables : OtherTables) | (ulong)(1 + space) << 48;

    public const ulong Vectors = Upper + (VectorPage * PageSize);
    public const ulong HandlerData = Upper + (HandlerDataPage * PageSize);

    /// <summary>Landing pads in the handlers' data: PC and SPSR each.</summary>
    public const int Pads = 64;

    public static ulong Frame(int number) => Ram + ((ulong)number * PageSize);
}
