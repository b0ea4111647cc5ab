using Meanwhile.Hypervisor.State;
using Meanwhile.Machine.Devices;
using Meanwhile.Machine.Tests.Fakes;

namespace Meanwhile.Machine.Tests.Devices;

/// <summary>As QEMU's gpio-key: high for 100 ms.</summary>
public class PowerButton_Tests
{
    private const long Millisecond = 1_000_000;

    private readonly FakeLine line = new();
    private readonly FakeClock clock = new();
    private readonly PowerButton button;
    private bool standsStill;

    public PowerButton_Tests() => button = new PowerButton(line, clock, () => standsStill);

    [Fact]
    public void A_press_lasts_100_ms()
    {
        Press();
        clock.Advance((100 * Millisecond) - 1);
        Assert.True(line.IsHigh);
        clock.Advance(1);
        Assert.False(line.IsHigh);
    }

    [Fact]
    public void A_press_of_the_pressed_button_is_one_longer_press()
    {
        Press();
        clock.Advance(60 * Millisecond);
        Press();
        clock.Advance((100 * Millisecond) - 1);
        Assert.True(line.IsHigh);
        clock.Advance(1);
        Assert.False(line.IsHigh);
        Assert.Equal(1, line.RisingEdges);
    }

    [Fact]
    public void A_guest_that_stands_still_finds_it_pressed_for_100_ms_when_it_goes_on()
    {
        standsStill = true;
        Press();
        clock.Advance(550 * Millisecond);
        standsStill = false;
        clock.Advance(100 * Millisecond);
        Assert.True(line.IsHigh);
        clock.Advance(50 * Millisecond);
        Assert.False(line.IsHigh);
    }

    [Fact]
    public void On_the_virtual_clock_a_press_is_an_event_so_that_the_guest_runs_while_it_lasts()
    {
        button.Press();
        button.Press();
        Assert.False(line.IsHigh);
        clock.Advance(0);
        Assert.True(line.IsHigh);
    }

    [Fact]
    public void Reset_lets_it_go()
    {
        Press();
        button.Reset();
        Assert.False(line.IsHigh);
        Press();
        clock.Advance(99 * Millisecond);
        Assert.True(line.IsHigh);
    }

    [Fact]
    public void A_restored_press_lasts_for_the_rest()
    {
        Press();
        clock.Advance(30 * Millisecond);
        var writer = new StateWriter();
        button.Save(writer);
        var otherLine = new FakeLine();
        var other = new PowerButton(otherLine, clock, () => false);
        other.Restore(new StateReader("power-button", writer.Written.ToArray()), 1);
        clock.Advance((70 * Millisecond) - 1);
        Assert.True(otherLine.IsHigh);
        clock.Advance(1);
        Assert.False(otherLine.IsHigh);
    }

    private void Press()
    {
        button.Press();
        clock.Advance(0);
    }
}
