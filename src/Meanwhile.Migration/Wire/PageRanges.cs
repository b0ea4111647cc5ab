using Meanwhile.Memory;

namespace Meanwhile.Migration.Wire;

/// <summary>Ranges of pages, u64 first and u32 count each, ascending and apart: the payload of MISSING and the zero pages of PAGES.</summary>
internal static class PageRanges
{
    /// <summary>Bytes of one range.</summary>
    public const int Size = 12;

    private const int RangesInFrame = (Protocol.LongestPayload - 64) / Size;

    /// <summary>The MISSING payloads that name all pages of a set.</summary>
    public static List<byte[]> Encode(PageBitmap pages)
    {
        var payloads = new List<byte[]>();
        var writer = new FrameWriter();
        int ranges = 0;
        writer.Begin(FrameKind.Missing);
        for (long page = pages.NextPage(0); page < pages.Count;)
        {
            uint count = (uint)Math.Min(pages.NextGap(page) - page, uint.MaxValue);
            Write(writer, page, count);
            page = pages.NextPage(page + count);
            if (++ranges < RangesInFrame && page < pages.Count)
                continue;
            payloads.Add(writer.Payload.ToArray());
            writer.Begin(FrameKind.Missing);
            ranges = 0;
        }
        return payloads;
    }

    public static void Write(FrameWriter writer, long first, uint count)
    {
        writer.UInt64((ulong)first);
        writer.UInt32(count);
    }

    /// <summary>Reads one range and checks it.</summary>
    /// <param name="reader">At a range.</param>
    /// <param name="pageCount">Pages of RAM here.</param>
    /// <param name="from">The least page it may begin with; moves behind it.</param>
    /// <exception cref="ProtocolException">It leaves RAM, is empty, or lies before <paramref name="from"/>.</exception>
    public static (long First, long Count) Read(ref PayloadReader reader, long pageCount, ref long from)
    {
        ulong first = reader.UInt64();
        uint count = reader.UInt32();
        if (count == 0 || first >= (ulong)pageCount || count > (ulong)pageCount - first)
            throw new ProtocolException($"{count} pages from page {first} on, outside guest RAM of {pageCount} pages");
        if ((long)first < from)
            throw new ProtocolException($"ranges of pages that are not in order, at page {first}");
        from = (long)first + count;
        return ((long)first, count);
    }
}
