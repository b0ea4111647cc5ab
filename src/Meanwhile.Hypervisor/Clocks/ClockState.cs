using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor.Clocks;

/// <summary>
/// The clock's share of saved state: the guest's counter, which stands still while the guest runs nowhere, and on the virtual clock the time
/// itself. Restored after the vCPUs, whose instructions the virtual clock counts.
/// </summary>
internal sealed class ClockState(IClock clock, GuestCounter counter) : IStateSection
{
    public string SectionName => "clock";

    public int SectionVersion => 1;

    public string Configuration => clock is VirtualClock known ? $"virtual, {known.Rate}" : "real";

    public void Save(StateWriter writer)
    {
        writer.WriteBoolean(clock.IsVirtual);
        writer.WriteInt64(counter.Now);
        (clock as VirtualClock)?.Save(writer);
    }

    public void Restore(StateReader reader, int version)
    {
        bool isVirtual = reader.ReadBoolean();
        reader.Require(isVirtual == clock.IsVirtual, $"the clock is {Kind(isVirtual)} there and {Kind(clock.IsVirtual)} here");
        long guestTime = reader.ReadInt64();
        reader.Require(guestTime is >= 0 and <= VirtualClock.Horizon, $"a guest time of {guestTime}");
        (clock as VirtualClock)?.Restore(reader);
        counter.StopAt(guestTime);
    }

    private static string Kind(bool isVirtual) => isVirtual ? "virtual" : "real";
}
