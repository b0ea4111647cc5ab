using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor.Arm64.Sdei;

/// <summary>What a private event is on every PE: its number, priority, and whether software may signal it.</summary>
/// <param name="Number">Event number; bit 30 set for vendor-defined ones (DEN0054 4.1).</param>
/// <param name="Priority">Its priority.</param>
/// <param name="SoftwareSignalled">EVENT_GET_INFO's "signalled": event 0 only.</param>
internal sealed record SdeiEventDescription(uint Number, SdeiPriority Priority, bool SoftwareSignalled);

/// <summary>
/// A private event on one PE. Its handler state machine (DEN0054 4.2.2): unregistered, registered and disabled, enabled, each of the
/// registered ones also running.
/// </summary>
internal sealed class SdeiEvent(SdeiEventDescription description)
{
    private int pending;

    public SdeiEventDescription Description { get; } = description;

    public bool Registered { get; set; }

    public bool Enabled { get; set; }

    public bool Running { get; set; }

    /// <summary>EVENT_UNREGISTER was called by its own handler: it goes when the handler completes.</summary>
    public bool UnregisterPending { get; set; }

    public ulong EntryPoint { get; set; }

    public ulong Argument { get; set; }

    /// <summary>It was signalled and not delivered. Any thread may signal.</summary>
    public bool Pending => Volatile.Read(ref pending) != 0;

    public void Signal() => Volatile.Write(ref pending, 1);

    /// <summary>Takes the signal back; true when it had not been delivered.</summary>
    public bool TakeSignal() => Interlocked.Exchange(ref pending, 0) != 0;

    public void Register(ulong entryPoint, ulong argument)
    {
        EntryPoint = entryPoint;
        Argument = argument;
        Registered = true;
        Enabled = false;
        TakeSignal();
    }

    public void Unregister()
    {
        Registered = false;
        Enabled = false;
        UnregisterPending = false;
        TakeSignal();
    }

    public void Save(StateWriter writer)
    {
        writer.WriteUInt32(Description.Number);
        writer.WriteBoolean(Registered);
        writer.WriteBoolean(Enabled);
        writer.WriteBoolean(Running);
        writer.WriteBoolean(UnregisterPending);
        writer.WriteBoolean(Pending);
        writer.WriteUInt64(EntryPoint);
        writer.WriteUInt64(Argument);
    }

    public void Restore(StateReader reader)
    {
        uint number = reader.ReadUInt32();
        reader.Require(number == Description.Number, $"event 0x{number:x} there is event 0x{Description.Number:x} here");
        Registered = reader.ReadBoolean();
        Enabled = reader.ReadBoolean();
        Running = reader.ReadBoolean();
        UnregisterPending = reader.ReadBoolean();
        Volatile.Write(ref pending, reader.ReadBoolean() ? 1 : 0);
        EntryPoint = reader.ReadUInt64();
        Argument = reader.ReadUInt64();
        bool possible = (Registered || !(Enabled || Running || UnregisterPending)) && (!UnregisterPending || (Running && !Enabled));
        reader.Require(possible, $"event 0x{number:x} is in no state of the handler state machine");
    }

    public void Reset()
    {
        Unregister();
        Running = false;
    }
}
