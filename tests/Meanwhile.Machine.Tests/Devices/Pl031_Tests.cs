using Meanwhile.Machine.Devices;
using Meanwhile.Machine.Tests.Fakes;

namespace Meanwhile.Machine.Tests.Devices;

/// <summary>After the PL031 technical reference manual, DDI0224.</summary>
public class Pl031_Tests
{
    private const ulong Dr = 0x00, Mr = 0x04, Lr = 0x08, Cr = 0x0C, Imsc = 0x10, Ris = 0x14, Mis = 0x18, Icr = 0x1C;
    private const long Second = 1_000_000_000;

    private readonly FakeLine line = new();
    private readonly FakeClock clock = new();
    private readonly Pl031 rtc;

    public Pl031_Tests() => rtc = new Pl031(line, clock, 1_700_000_000);

    [Fact]
    public void The_counter_counts_seconds_of_the_machines_clock_from_the_epoch()
    {
        Assert.Equal(1_700_000_000u, Get(Dr));
        clock.Advance(Second - 1);
        Assert.Equal(1_700_000_000u, Get(Dr));
        clock.Advance(1);
        Assert.Equal(1_700_000_001u, Get(Dr));
    }

    [Fact]
    public void Load_sets_the_counter_and_wraps_at_32_bits()
    {
        Set(Lr, uint.MaxValue);
        Assert.Equal(uint.MaxValue, Get(Lr));
        Assert.Equal(uint.MaxValue, Get(Dr));
        clock.Advance(2 * Second);
        Assert.Equal(1u, Get(Dr));
    }

    [Fact]
    public void The_alarm_rings_when_the_counter_reaches_the_match()
    {
        clock.Advance(Second / 2);
        Set(Imsc, 1);
        Set(Mr, Get(Dr) + 3);
        clock.Advance((5 * Second / 2) - 1);
        Assert.False(line.IsHigh);
        clock.Advance(1);
        Assert.True(line.IsHigh);
        Assert.Equal(Get(Mr), Get(Dr));
        Assert.Equal(1u, Get(Ris));
        Assert.Equal(1u, Get(Mis));
        Set(Icr, 1);
        Assert.False(line.IsHigh);
        Assert.Equal(0u, Get(Ris));
    }

    [Fact]
    public void A_masked_alarm_shows_only_in_RIS()
    {
        Set(Mr, Get(Dr) + 1);
        clock.Advance(Second);
        Assert.False(line.IsHigh);
        Assert.Equal(1u, Get(Ris));
        Assert.Equal(0u, Get(Mis));
    }

    [Fact]
    public void A_new_match_takes_the_place_of_the_old_one()
    {
        Set(Mr, Get(Dr) + 1);
        Set(Mr, Get(Dr) + 10);
        clock.Advance(9 * Second);
        Assert.Equal(0u, Get(Ris));
        clock.Advance(Second);
        Assert.Equal(1u, Get(Ris));
    }

    [Fact]
    public void Reset_returns_to_the_epochs_time_and_forgets_the_alarm()
    {
        Set(Lr, 5);
        Set(Mr, 7);
        rtc.Reset();
        clock.Advance(3 * Second);
        Assert.Equal(1_700_000_003u, Get(Dr));
        Assert.Equal(0u, Get(Ris));
    }

    [Fact]
    public void Identification_registers_are_the_PL031s()
    {
        Assert.Equal(1u, Get(Cr));
        uint[] expected = [0x31, 0x10, 0x04, 0x00, 0x0D, 0xF0, 0x05, 0xB1];
        Assert.Equal(expected, Enumerable.Range(0, 8).Select(i => Get(0xFE0 + ((ulong)i * 4))));
        Assert.Equal(0u, Get(0x100));
    }

    private uint Get(ulong offset) => (uint)rtc.Read(offset, 4);

    private void Set(ulong offset, uint value) => rtc.Write(offset, 4, value);
}
