using Meanwhile.Memory;
using Meanwhile.Memory.Sources;

namespace Meanwhile.Hypervisor.Tests;

/// <summary>A page store in host memory with a latency on the machine's clock.</summary>
internal sealed unsafe class MemoryPageStore(IMemoryClock clock, int slots, long latency) : IPageStore
{
    private readonly byte[] content = new byte[slots * GuestRam.PageSize];
    private long reads;

    public long SlotCount => slots;

    public bool KeepsContent => true;

    internal long Reads => Interlocked.Read(ref reads);

    internal Span<byte> Page(long slot) => content.AsSpan((int)slot * GuestRam.PageSize, GuestRam.PageSize);

    // The pages are the caller's and stay valid until the completion.
    public void Read(long location, ReadOnlySpan<nint> pages, Action<string?> completed)
    {
        Interlocked.Add(ref reads, pages.Length);
        for (int index = 0; index < pages.Length; index++)
            Page(location + index).CopyTo(new Span<byte>((void*)pages[index], GuestRam.PageSize));
        clock.Schedule(latency, () => completed(null));
    }

    public void Write(long slot, ReadOnlySpan<nint> pages, Action<string?> completed)
    {
        for (int index = 0; index < pages.Length; index++)
            new Span<byte>((void*)pages[index], GuestRam.PageSize).CopyTo(Page(slot + index));
        clock.Schedule(latency, () => completed(null));
    }

    public void Dispose()
    {
    }
}
