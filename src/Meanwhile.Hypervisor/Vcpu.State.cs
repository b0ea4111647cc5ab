using Meanwhile.Hypervisor.Engines;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor;

/// <content>
/// Saving and restoring: the registers, by their ids. PSCI's power state is PSCI's section; what is pending for the PE follows from the interrupt
/// controller and the event sources.
/// </content>
public sealed partial class Vcpu : IStateSection
{
    private const int MostRegisters = 4096;

    /// <inheritdoc/>
    public string SectionName => $"vcpu{Index}";

    /// <inheritdoc/>
    public int SectionVersion => 1;

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        IReadOnlyList<ulong> ids = Engine.RegisterIds;
        writer.WriteUInt32((uint)ids.Count);
        foreach (ulong id in ids)
        {
            if (!Engine.TryGetOneRegister(id, out UInt128 value))
                throw new InvalidOperationException($"vCPU {Index} has no register {RegisterId.Describe(id)}, which it lists.");
            writer.WriteUInt64(id);
            switch (RegisterId.Size(id))
            {
                case 4:
                    writer.WriteUInt32((uint)value);
                    break;
                case 8:
                    writer.WriteUInt64((ulong)value);
                    break;
                default:
                    writer.WriteUInt128(value);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public void Restore(StateReader reader, int version)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Dictionary<ulong, UInt128> saved = ReadRegisters(reader);
        // First: on another kind of PE the rest has no meaning.
        foreach (ulong id in Engine.IdentificationIds)
            CheckIdentification(reader, saved, id);
        foreach (ulong id in Engine.RegisterIds)
        {
            reader.Require(saved.Remove(id, out UInt128 value), $"{RegisterId.Describe(id)} is missing");
            Set(reader, id, value);
        }

        // What an engine has only in some states: what it lists now tells which.
        foreach (ulong id in saved.Keys.Order())
            Set(reader, id, saved[id]);
        Engine.FlushTlb();
    }

    /// <summary>Writes the power state.</summary>
    internal void SavePower(StateWriter writer)
    {
        writer.WriteByte((byte)PowerState);
        writer.WriteBoolean(halted);
        bool starting = PowerState == VcpuPowerState.OnPending;
        writer.WriteUInt64(starting ? entryPoint : 0);
        writer.WriteUInt64(starting ? entryContext : 0);
    }

    /// <summary>Takes the power state.</summary>
    internal void RestorePower(StateReader reader)
    {
        byte power = reader.ReadByte();
        bool halts = reader.ReadBoolean();
        ulong entry = reader.ReadUInt64();
        ulong context = reader.ReadUInt64();
        reader.Require(power <= (byte)VcpuPowerState.OnPending, $"vCPU {Index} has power state {power}");
        var state = (VcpuPowerState)power;
        reader.Require(!halts || state == VcpuPowerState.On, $"vCPU {Index} is halted without power");
        // As CPU_ON checks them (DEN0022 5.6.2).
        if (state == VcpuPowerState.OnPending)
            reader.Require((entry & 3) == 0 && machine.Memory.TryGetOffset(entry, sizeof(uint), out _), $"vCPU {Index} starts at 0x{entry:x}");
        lock (gate)
        {
            PowerState = state;
            halted = halts;
            entryPoint = entry;
            entryContext = context;
        }
    }

    private static Dictionary<ulong, UInt128> ReadRegisters(StateReader reader)
    {
        int count = reader.ReadCount(MostRegisters, "registers");
        var saved = new Dictionary<ulong, UInt128>(count);
        for (int index = 0; index < count; index++)
        {
            ulong id = reader.ReadUInt64();
            UInt128 value = RegisterId.Size(id) switch
            {
                4 => reader.ReadUInt32(),
                8 => reader.ReadUInt64(),
                16 => reader.ReadUInt128(),
                _ => throw reader.Error($"0x{id:x16} is no register"),
            };
            reader.Require(saved.TryAdd(id, value), $"{RegisterId.Describe(id)} is there twice");
        }

        return saved;
    }

    private void CheckIdentification(StateReader reader, Dictionary<ulong, UInt128> saved, ulong id)
    {
        reader.Require(saved.TryGetValue(id, out UInt128 there), $"{RegisterId.Describe(id)} is missing");
        Engine.TryGetOneRegister(id, out UInt128 here);
        reader.Require(there == here, $"another kind of CPU: {RegisterId.Describe(id)} is 0x{there:x} there and 0x{here:x} here");
    }

    private void Set(StateReader reader, ulong id, UInt128 value) =>
        reader.Require(Engine.TrySetOneRegister(id, value), $"{RegisterId.Describe(id)} cannot be 0x{value:x}");
}
