using System.Text;
using Meanwhile.Cli.Bench.Migration.Real;

namespace Meanwhile.Cli.Tests.Bench.Migration.Real;

/// <summary>Two consoles become one guest's time.</summary>
public sealed class GuestTimeline_Tests
{
    private readonly ConsoleLog source = new();
    private readonly ConsoleLog destination = new();

    [Fact]
    public void The_clocks_distance_is_that_of_the_line_that_was_delayed_least()
    {
        Print(source, 1000.130, Line(0, 0.1));
        Print(source, 1000.201, Line(1, 0.2));
        Print(destination, 1000.350, Line(2, 0.3));
        Print(destination, 1000.480, Line(3, 0.4));

        GuestTimeline guest = Timeline();

        Assert.Equal(0.25, guest.OnSource(1000.251), 6);
        Assert.Equal(0.35, guest.OnDestination(1000.400), 6);
        Assert.Equal(0.049, guest.ClockStop, 6);
    }

    [Fact]
    public void A_line_in_the_middle_of_which_the_guest_moved_is_put_together()
    {
        string line = Line(1, 0.2);
        Print(source, 10.1, Line(0, 0.1) + line[..13]);
        Print(destination, 10.3, line[13..]);

        Assert.Equal([0, 1], Timeline().Beats.Select(beat => beat.Window));
    }

    [Theory]
    [InlineData(0, 2, "heartbeat 1 is missing: 2 came instead")]
    [InlineData(0, 0, "heartbeat 1 is missing: 0 came instead")]
    public void A_heartbeat_that_was_lost_or_came_twice_is_an_error(int first, int second, string message)
    {
        Print(source, 10, Line(first, 0.1));
        Print(destination, 11, Line(second, 0.2));

        Assert.Equal(message, Assert.Throws<FormatException>(Timeline).Message);
    }

    [Theory]
    [InlineData(true, "no heartbeat came on the destination")]
    [InlineData(false, "no heartbeat came on the source")]
    public void A_side_without_heartbeats_is_an_error(bool onSource, string message)
    {
        Print(onSource ? source : destination, 10, Line(0, 0.1));

        Assert.Equal(message, Assert.Throws<FormatException>(Timeline).Message);
    }

    [Fact]
    public void Other_lines_are_passed_over()
    {
        Print(source, 10, "init: running /mover\r\n" + Line(0, 0.1));
        Print(destination, 11, Line(1, 0.2) + "random: crng init done\n");

        Assert.Equal(2, Timeline().Beats.Count);
    }

    [Fact]
    public void Steps_are_counted_evenly_within_a_window()
    {
        Print(source, 10, Line(0, 1, steps: 100) + Line(1, 2, steps: 300));
        Print(destination, 11, Line(2, 4, steps: 400));

        GuestTimeline guest = Timeline();

        Assert.Equal(200, guest.Rate(1, 2), 6);
        Assert.Equal((350 - 200) / 1.5, guest.Rate(1.5, 3), 6);
    }

    [Fact]
    public void A_gap_counts_where_some_part_of_it_lies()
    {
        Print(source, 10, Line(0, 1, gap: 0.1, gapEnd: 0.5));
        Print(destination, 11, Line(1, 2, gap: 0.4, gapEnd: 1.9));

        GuestTimeline guest = Timeline();

        Assert.Equal(0.1, guest.LongestGap(0.45, 1.4), 6);
        Assert.Equal(0.4, guest.LongestGap(0.45, 1.6), 6);
        Assert.Equal(0, guest.LongestGap(0.6, 1.4), 6);
    }

    private GuestTimeline Timeline() => GuestTimeline.Of(source, destination);

    private static void Print(ConsoleLog console, double time, string text) => console.Add(Encoding.ASCII.GetBytes(text), time);

    private static string Line(int window, double end, long steps = 0, double gap = 0, double gapEnd = 0) => FakeMovingMachine.Line(window, end, steps, gap, gapEnd, passes: 1, wrong: 0);
}
