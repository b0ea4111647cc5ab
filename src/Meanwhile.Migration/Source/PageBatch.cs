using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Source;

/// <summary>Pages that are read together, with room for their content: what becomes one PAGES frame.</summary>
public sealed class PageBatch
{
    private readonly long[] pages = new long[Protocol.PagesInFrame];
    private readonly bool[] zero = new bool[Protocol.PagesInFrame];
    private byte[] content = [];
    private byte[] scratch = [];

    /// <summary>Number of pages.</summary>
    public int Count { get; private set; }

    /// <summary>Number of the page at <paramref name="index"/>.</summary>
    public long Page(int index) => pages[index];

    /// <summary>Room for the content of the page at <paramref name="index"/>; what was there before is not cleared.</summary>
    public Span<byte> Content(int index) => content.AsSpan(index * Protocol.PageSize, Protocol.PageSize);

    /// <summary>The page at <paramref name="index"/> is all zeros, or is not; when it is, its <see cref="Content"/> need not be written.</summary>
    public void SetZero(int index, bool isZero = true) => zero[index] = isZero;

    /// <summary>What <see cref="SetZero"/> said.</summary>
    public bool IsZero(int index) => zero[index];

    internal bool IsFull => Count == pages.Length;

    internal void Clear() => Count = 0;

    internal void Add(long page)
    {
        zero[Count] = false;
        pages[Count++] = page;
        if (content.Length < Count * Protocol.PageSize)
            Array.Resize(ref content, Math.Max(Count * Protocol.PageSize, Math.Min(content.Length * 4, Protocol.PagesInFrame * Protocol.PageSize)));
    }

    internal Span<byte> Scratch(int size)
    {
        if (scratch.Length < size)
            scratch = new byte[size];
        return scratch.AsSpan(0, size);
    }
}
