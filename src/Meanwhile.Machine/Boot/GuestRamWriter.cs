using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Memory;

namespace Meanwhile.Machine.Boot;

/// <summary>
/// Writes into RAM while no guest runs, a page at a time, so that what is written may be larger than the resident limit: earlier pages go
/// to swap as later ones come.
/// </summary>
/// <param name="ram">Guest RAM.</param>
/// <param name="virtualClock">The machine's clock when it is virtual: its events make pages resident, and nobody else runs them
/// now.</param>
internal sealed class GuestRamWriter(GuestRam ram, VirtualClock? virtualClock)
{
    /// <summary>Copies <paramref name="content"/> to byte offset <paramref name="offset"/>.</summary>
    public void Write(long offset, ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            int length = (int)Math.Min(content.Length, GuestRam.PageSize - (offset % GuestRam.PageSize));
            WritePiece(offset, content[..length]);
            content = content[length..];
            offset += length;
        }
    }

    /// <summary>Copies a stream of known length.</summary>
    /// <exception cref="EndOfStreamException">The stream is shorter.</exception>
    public void Write(long offset, Stream content, long length)
    {
        var buffer = new byte[GuestRam.PageSize];
        for (long done = 0; done < length;)
        {
            int piece = (int)Math.Min(buffer.Length, length - done);
            content.ReadExactly(buffer, 0, piece);
            Write(offset + done, buffer.AsSpan(0, piece));
            done += piece;
        }
    }

    // Safe: the piece is within a page that is pinned from before its address is taken until after the copy.
    private unsafe void WritePiece(long offset, ReadOnlySpan<byte> piece)
    {
        MakeResident(offset, piece.Length);

        try
        {
            piece.CopyTo(new Span<byte>(ram.HostAddress(offset), piece.Length));
        }
        finally
        {
            ram.Unpin(offset, piece.Length);
        }
    }

    private void MakeResident(long offset, int length)
    {
        var ready = new ManualResetEventSlim();
        Exception? failure = null;
        ram.Failed += OnFailed;
        try
        {
            ram.Pin(offset, length, write: true, ready.Set);
            if (virtualClock is null)
                ready.Wait();
            else if (!virtualClock.RunUntil(() => ready.IsSet))
                throw new InvalidOperationException("Guest RAM waits for an event that nobody has scheduled.");
        }
        finally
        {
            ram.Failed -= OnFailed;
        }

        if (failure is not null)
            throw new BootException($"guest RAM cannot be written: {failure.Message}", failure);

        void OnFailed(Exception exception)
        {
            failure = exception;
            ready.Set();
        }
    }
}
