using Meanwhile.Memory;
using Meanwhile.Migration.Source;
using ZstdSharp;

namespace Meanwhile.Migration.Wire;

/// <summary>
/// PAGES: u16 pages with content, u16 ranges of zero pages, the pages' numbers (u64 each), the ranges (<see cref="PageRanges"/>), then the
/// content in the order of the numbers, plain or, with <see cref="FrameFormat.CompressedFlag"/>, as one zstd frame.
/// </summary>
internal static class PagesPayload
{
    /// <summary>Most ranges of zero pages in a frame.</summary>
    public const int MostRanges = 1024;

    /// <summary>Writes a frame, whose zero ranges are the batch's zero pages.</summary>
    /// <returns>Pages with content and zero pages.</returns>
    public static (int Normal, int Zero) Write(FrameWriter writer, PageBatch batch, Compressor? compressor)
    {
        int normal = 0;
        int ranges = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            if (!batch.IsZero(i))
                normal++;
            else if (!ContinuesRange(batch, i))
                ranges++;
        }
        writer.Begin(FrameKind.Pages);
        writer.UInt16((ushort)normal);
        writer.UInt16((ushort)ranges);
        for (int i = 0; i < batch.Count; i++)
        {
            if (!batch.IsZero(i))
                writer.UInt64((ulong)batch.Page(i));
        }
        WriteRanges(writer, batch);
        WriteContent(writer, batch, normal, compressor);
        return (normal, batch.Count - normal);
    }

    /// <summary>Writes a frame of zero pages alone: as many ranges of <paramref name="pages"/> as fit, which are taken out.</summary>
    /// <returns>Pages written.</returns>
    public static long WriteZeros(FrameWriter writer, PageBitmap pages)
    {
        var ranges = new List<(long First, uint Count)>();
        long total = 0;
        for (long page = pages.NextPage(0); page < pages.Count && ranges.Count < MostRanges; page = pages.NextPage(page))
        {
            uint count = (uint)Math.Min(pages.NextGap(page) - page, uint.MaxValue);
            ranges.Add((page, count));
            total += count;
            for (long i = page; i < page + count; i++)
                pages.Remove(i);
        }
        writer.Begin(FrameKind.Pages);
        writer.UInt16(0);
        writer.UInt16((ushort)ranges.Count);
        foreach ((long first, uint count) in ranges)
            PageRanges.Write(writer, first, count);
        return total;
    }

    private static void WriteRanges(FrameWriter writer, PageBatch batch)
    {
        for (int i = 0; i < batch.Count;)
        {
            if (!batch.IsZero(i))
            {
                i++;
                continue;
            }
            int first = i++;
            while (i < batch.Count && batch.IsZero(i) && ContinuesRange(batch, i))
                i++;
            PageRanges.Write(writer, batch.Page(first), (uint)(i - first));
        }
    }

    private static bool ContinuesRange(PageBatch batch, int i) => i > 0 && batch.IsZero(i - 1) && batch.Page(i) == batch.Page(i - 1) + 1;

    private static void WriteContent(FrameWriter writer, PageBatch batch, int normal, Compressor? compressor)
    {
        if (normal == 0)
            return;
        int size = normal * Protocol.PageSize;
        // Zero pages leave gaps in the batch's buffer; the content is contiguous.
        Span<byte> content = writer.Reserve(size);
        for (int i = 0, at = 0; i < batch.Count; i++)
        {
            if (batch.IsZero(i))
                continue;
            batch.Content(i).CopyTo(content[at..]);
            at += Protocol.PageSize;
        }
        if (compressor is null)
            return;
        Span<byte> packed = batch.Scratch(Compressor.GetCompressBound(size));
        int length = compressor.Wrap(content, packed);
        if (length >= size)
            return;
        packed[..length].CopyTo(content);
        writer.Shorten(size - length);
        writer.SetFlags(FrameFormat.CompressedFlag);
    }
}

/// <summary>Reads PAGES frames from one connection. All of a frame is checked before anything of it is given out.</summary>
internal sealed class PagesReader(long pageCount) : IDisposable
{
    private readonly long[] pages = new long[Protocol.PagesInFrame];
    private readonly List<(long First, long Count)> zeros = [];
    private byte[] unpacked = [];
    private Decompressor? decompressor;

    /// <summary>Numbers of the pages with content.</summary>
    public ReadOnlySpan<long> Pages => pages.AsSpan(0, count);

    /// <summary>Ranges of zero pages.</summary>
    public IReadOnlyList<(long First, long Count)> Zeros => zeros;

    private int count;

    /// <summary>Reads a frame; answers the content of <see cref="Pages"/>, a page after the other: in the payload, or in a buffer until the next.</summary>
    /// <exception cref="ProtocolException">The frame is not one.</exception>
    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> payload, bool compressed)
    {
        var reader = new PayloadReader(FrameKind.Pages, payload);
        count = 0;
        zeros.Clear();
        int normal = reader.UInt16();
        int ranges = reader.UInt16();
        if (normal > Protocol.PagesInFrame || ranges > PagesPayload.MostRanges)
            throw new ProtocolException($"a Pages frame with {normal} pages and {ranges} ranges, more than {Protocol.PagesInFrame} and {PagesPayload.MostRanges}");
        for (int i = 0; i < normal; i++)
        {
            ulong page = reader.UInt64();
            if (page >= (ulong)pageCount)
                throw new ProtocolException($"page {page}, outside guest RAM of {pageCount} pages");
            pages[i] = (long)page;
        }
        // A batch follows the order of pushing, which may go down: ranges are bounded, not ordered.
        long covered = 0;
        for (int i = 0; i < ranges; i++)
        {
            long from = 0;
            zeros.Add(PageRanges.Read(ref reader, pageCount, ref from));
            covered += zeros[^1].Count;
        }
        if (covered > pageCount)
            throw new ProtocolException($"ranges of {covered} zero pages in guest RAM of {pageCount}");
        int size = normal * Protocol.PageSize;
        ReadOnlySpan<byte> content = compressed ? Decompress(reader.Bytes(reader.Left), size) : reader.Bytes(size);
        reader.End();
        count = normal;
        return content;
    }

    /// <summary>Frees the decompressor.</summary>
    public void Dispose() => decompressor?.Dispose();

    private ReadOnlySpan<byte> Decompress(ReadOnlySpan<byte> packed, int size)
    {
        if (unpacked.Length == 0)
            unpacked = new byte[Protocol.PagesInFrame * Protocol.PageSize];
        try
        {
            int length = (decompressor ??= new Decompressor()).Unwrap(packed, unpacked.AsSpan(0, size));
            return length == size
                ? unpacked.AsSpan(0, size)
                : throw new ProtocolException($"a compressed Pages frame with {length} bytes of content, not {size}");
        }
        catch (ZstdException exception)
        {
            throw new ProtocolException($"a compressed Pages frame that zstd cannot read: {exception.Message}");
        }
    }
}
