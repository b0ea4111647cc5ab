namespace Meanwhile.Hypervisor.Devices;

/// <summary>Guest RAM as devices see it: by guest-physical address, resident only while pinned.</summary>
public interface IDmaMemory
{
    /// <summary>
    /// Pins a range and calls <paramref name="ready"/> with it, inline when it is resident already, else later on another thread (on the
    /// virtual clock: from an event). The receiver disposes it. Answers false, and never calls, when the range is not wholly guest RAM,
    /// is empty, or is longer than <see cref="MaximumLength"/> bytes or wraps around.
    /// </summary>
    bool TryPin(ulong guestPhysicalAddress, ulong length, bool write, Action<PinnedMemory> ready);

    /// <summary>Longest range one call may pin, in bytes. Longer transfers are made in pieces.</summary>
    ulong MaximumLength { get; }
}

/// <summary>A pinned range of guest RAM. Guest and device may both write it: read each field once.</summary>
public abstract unsafe class PinnedMemory : IDisposable
{
    /// <summary>Host address of the first byte; valid until <see cref="Dispose"/>.</summary>
    public abstract byte* Pointer { get; }

    /// <summary>Length in bytes.</summary>
    public abstract int Length { get; }

    /// <summary>The bytes.</summary>
    public Span<byte> Span => new(Pointer, Length);

    /// <summary>Unpins.</summary>
    public abstract void Dispose();
}
