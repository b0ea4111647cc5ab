using System.Runtime.InteropServices;

namespace Meanwhile.Differential.Tests.Engines;

/// <summary>Translation tables with random mappings of the windows (descriptors: DDI0487 D8.3).</summary>
internal static class TwinPageTables
{
    private const ulong Valid = 3, Af = 1 << 10, Ng = 1 << 11, Shareable = 3 << 8, User = 1 << 6, ReadOnly = 1 << 7;
    private const ulong DeviceMemory = 1 << 2, Pxn = 1UL << 53, Uxn = 1UL << 54, Dbm = 1UL << 51;

    public static void Write(Span<byte> image, ref RandomSource random)
    {
        WriteRange(image, TwinLayout.LowerTables, TwinLayout.Lower, ref random);
        WriteRange(image, TwinLayout.OtherTables, TwinLayout.Lower, ref random);
        WriteRange(image, TwinLayout.UpperTables, TwinLayout.Upper, ref random);
        Span<ulong> upper = Table(image, TwinLayout.UpperTables + 2);
        const ulong Privileged = Valid | Af | Shareable | Uxn;
        upper[TwinLayout.VectorPage] = TwinLayout.Frame(TwinLayout.VectorFrame) | Privileged | ReadOnly;
        upper[TwinLayout.HandlerDataPage] = TwinLayout.Frame(TwinLayout.HandlerDataFrame) | Privileged | Pxn;
        upper[TwinLayout.TablePage] = TwinLayout.Frame(TwinLayout.LowerTables + 2) | Privileged | Pxn;
        upper[TwinLayout.TablePage + 1] = TwinLayout.Frame(TwinLayout.UpperTables + 2) | Privileged | Pxn;
        upper[TwinLayout.TablePage + 2] = TwinLayout.Frame(TwinLayout.OtherTables + 2) | Privileged | Pxn;
        for (int n = 0; n < TwinLayout.CodeFrames; n++)
            upper[TwinLayout.WritableCodePage + n] = TwinLayout.Frame(TwinLayout.CodeFrame + n) | Privileged | Pxn;
    }

    /// <summary>A mapping for a page of the code window: any of the code frames, not writable, or a fault of some kind.</summary>
    public static ulong CodePage(bool upper, ref RandomSource random)
    {
        if (random.OneIn(16))
            return 0;
        ulong page = TwinLayout.Frame(TwinLayout.CodeFrame + random.Below(TwinLayout.CodeFrames)) | Valid | Shareable | ReadOnly;
        page |= random.OneIn(20) ? 0 : Af;
        page |= random.OneIn(upper ? 4 : 3) ? Ng : 0;
        page |= random.OneIn(upper ? 3 : 16) ? 0 : User;
        page |= random.OneIn(16) ? Uxn : 0;
        page |= random.OneIn(16) ? Pxn : 0;
        return page;
    }

    /// <summary>A mapping for a page of the data window, which is never executable.</summary>
    public static ulong DataPage(bool upper, ref RandomSource random)
    {
        if (random.OneIn(12))
            return 0;
        ulong page = Valid | Shareable | Pxn | Uxn | (random.OneIn(20) ? 0 : Af) | (random.OneIn(3) ? Ng : 0);
        page |= random.OneIn(upper ? 2 : 5) ? 0 : User;
        page |= random.OneIn(6) ? ReadOnly | (random.OneIn(2) ? Dbm : 0) : 0;
        if (random.OneIn(12))
            return page | DeviceMemory | (TwinLayout.Device + ((ulong)random.Below(4) << 12));
        if (random.OneIn(8))
            return (page & ~Dbm) | ReadOnly | TwinLayout.Frame(TwinLayout.CodeFrame + random.Below(TwinLayout.CodeFrames));
        return page | TwinLayout.Frame(TwinLayout.DataFrame + random.Below(TwinLayout.DataFrames));
    }

    private static void WriteRange(Span<byte> image, int root, ulong window, ref RandomSource random)
    {
        bool upper = window == TwinLayout.Upper;
        Table(image, root)[(int)(window >> 30 & 511)] = TwinLayout.Frame(root + 1) | 3;
        Table(image, root + 1)[(int)(window >> 21 & 511)] = TwinLayout.Frame(root + 2) | 3;
        Span<ulong> pages = Table(image, root + 2);
        for (int n = 0; n < TwinLayout.WindowPages; n++)
        {
            pages[TwinLayout.CodeWindow + n] = CodePage(upper, ref random);
            pages[TwinLayout.DataWindow + n] = DataPage(upper, ref random);
        }
    }

    private static Span<ulong> Table(Span<byte> image, int frame) =>
        MemoryMarshal.Cast<byte, ulong>(image.Slice(frame * (int)TwinLayout.PageSize, (int)TwinLayout.PageSize));
}
