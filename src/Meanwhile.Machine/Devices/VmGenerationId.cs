using System.Buffers.Binary;
using Meanwhile.Hypervisor.Devices;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Machine.Devices;

/// <summary>
/// Microsoft's "Virtual Machine Generation ID": a GUID that becomes another one when the guest is restored from a snapshot, so that a guest that
/// runs twice does not use the same random numbers twice. Guests are told by an interrupt (edge) and read 16 bytes.
/// </summary>
public sealed class VmGenerationId : IBoardDevice
{
    private const int Length = 16;

    private readonly Lock gate = new();
    private readonly IInterruptLine line;
    private readonly byte[] id = new byte[Length];
    private long renewals;

    /// <summary>A device that tells of changes on <paramref name="line"/>.</summary>
    public VmGenerationId(IInterruptLine line, Guid first)
    {
        this.line = line;
        first.TryWriteBytes(id);
    }

    /// <inheritdoc/>
    public string Name => "vmgenid";

    /// <inheritdoc/>
    public IEnumerable<DeviceStatistic> Statistics => [new("renewals", Volatile.Read(ref renewals))];

    /// <inheritdoc/>
    public int SectionVersion => 1;

    /// <summary>The ID now.</summary>
    public Guid Id
    {
        get
        {
            lock (gate)
                return new Guid(id);
        }
    }

    /// <summary>Gives the guest another ID and tells it.</summary>
    public void Renew(Guid next)
    {
        lock (gate)
        {
            next.TryWriteBytes(id);
            renewals++;
        }

        line.SetLevel(true);
        line.SetLevel(false);
    }

    /// <inheritdoc/>
    /// <remarks>A reboot is no other guest.</remarks>
    public void Reset()
    {
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        lock (gate)
            writer.WriteRaw(id);
    }

    /// <inheritdoc/>
    /// <remarks>The same ID: a guest that migrates stays who it is.</remarks>
    public void Restore(StateReader reader, int version)
    {
        ArgumentNullException.ThrowIfNull(reader);
        lock (gate)
            reader.ReadRaw(Length).CopyTo(id);
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (offset > (ulong)(Length - size))
            return 0;
        Span<byte> value = stackalloc byte[sizeof(ulong)];
        value.Clear();
        lock (gate)
            id.AsSpan((int)offset, size).CopyTo(value);
        return BinaryPrimitives.ReadUInt64LittleEndian(value);
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
    }
}
