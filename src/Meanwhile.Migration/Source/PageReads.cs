namespace Meanwhile.Migration.Source;

/// <summary>
/// Batches of pages on their way from memory to a channel: chosen, being read, read. A bounded number at once, so that a source whose pages
/// are in a swap file has several reads in flight and no more memory than that. Synchronised by the session's lock, but for <see cref="Read"/>.
/// </summary>
internal sealed class PageReads(IOutgoingMemory memory, int most)
{
    private readonly Queue<PageBatch> ready = new();
    private readonly Stack<PageBatch> free = new();
    private int inUse;

    /// <summary>No batch is being read, or waits to be sent.</summary>
    public bool IsIdle => inUse == 0;

    /// <summary>One more batch may be begun.</summary>
    public bool MayStart => inUse < most;

    /// <summary>An empty batch, to be filled and read.</summary>
    public PageBatch Start()
    {
        inUse++;
        if (!free.TryPop(out PageBatch? batch))
            batch = new PageBatch();
        batch.Clear();
        return batch;
    }

    /// <summary>Reads a batch; <paramref name="completed"/> may be called inline.</summary>
    public void Read(PageBatch batch, Action<PageBatch, string?> completed) => memory.ReadPages(batch, error => completed(batch, error));

    /// <summary>The batch has its content.</summary>
    public void Completed(PageBatch batch) => ready.Enqueue(batch);

    /// <summary>A batch to be sent, in the order of completion; then <see cref="Release"/> it.</summary>
    public PageBatch? TakeReady() => ready.TryDequeue(out PageBatch? batch) ? batch : null;

    /// <summary>The batch has been sent.</summary>
    public void Release(PageBatch batch)
    {
        inUse--;
        free.Push(batch);
    }
}
