using System.Text;
using Meanwhile.Cli.Bench.Guests;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Tests.Bench.Guests;

/// <summary>Times out of a console's output.</summary>
public sealed class ConsoleMarks_Tests
{
    private readonly ConsoleMarks marks = new();

    [Fact]
    public void A_boot_is_from_the_kernels_first_line_to_the_first_process()
    {
        Line("[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x000f4d50]", 0.1);
        Line("[    0.000000] Linux version 6.1", 0.11);
        Line("init: running /bench/run md5", 2.35);

        WorkloadTime boot = Assert.Single(marks.Times);
        Assert.Equal(new WorkloadTime("boot", 2.25, 1.125, null, ""), boot);
        Assert.Equal(2.35, marks.InitTime!.Value.Seconds);
    }

    [Fact]
    public void A_workload_has_the_hosts_time_the_guests_time_and_its_output()
    {
        Line("bench: features fp asimd aes ", 0.005);
        Line("before", 0.006);
        Line("bench: begin md5 3.10", 1.0);
        Assert.Equal("md5", marks.Running);
        Line("2f28  -", 3.9);
        Line("second", 3.901);
        Line("bench: end md5 0 6.35", 4.5);
        Line("after", 4.501);

        WorkloadTime time = Assert.Single(marks.Times);
        Assert.Equal(3.5, time.Seconds);
        Assert.Equal(1.75, time.CpuSeconds);
        Assert.Equal(3.25, time.GuestSeconds!.Value, 9);
        Assert.Equal("2f28  -\nsecond\n", time.Output);
        Assert.Equal("fp asimd aes", marks.CoreFeatures);
        Assert.Null(marks.Running);
    }

    [Fact]
    public void A_mark_behind_what_the_kernel_printed_is_found()
    {
        Line("[   12.3] random: crng init donebench: begin md5 3.10", 0.0);
        Line("x bench: end md5 0 4.10", 1.0);
        Assert.Equal(1.0, Assert.Single(marks.Times).Seconds);
    }

    [Fact]
    public void A_workload_that_fails_is_named_with_its_output()
    {
        Line("bench: begin gcc 1.00", 0.0);
        Line("gcc: no such file", 0.001);
        UserError error = Assert.Throws<UserError>(() => Line("bench: end gcc 127 1.50", 0.002));
        Assert.Equal("workload gcc failed in the guest with exit status 127:\ngcc: no such file\n", error.Message);
    }

    [Theory]
    [InlineData("bench: end md5 0 1.00")]
    [InlineData("bench: begin  1.00")]
    [InlineData("bench: begin md5")]
    [InlineData("bench: begin md5 soon")]
    [InlineData("bench: begin md5 1.00", "bench: begin gzip 1.00")]
    [InlineData("bench: begin md5 1.00", "bench: end gzip 0 1.00")]
    [InlineData("bench: begin md5 1.00", "bench: end md5 0")]
    public void Marks_that_do_not_fit_are_refused(params string[] lines)
    {
        foreach (string line in lines[..^1])
            Line(line, 0.0);
        Assert.Contains("was not expected", Assert.Throws<UserError>(() => Line(lines[^1], 0.001)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_are_put_together_from_pieces_and_have_the_time_of_their_end()
    {
        var lines = new List<(string, double)>();
        var console = new ConsoleLines((line, time) => lines.Add((line, time.Seconds)));
        console.Add("bench: be"u8, new HostTime(1, 0));
        console.Add("gin md5 1.00\r"u8, new HostTime(2, 0));
        console.Add("\nx\r\n\r\nunfinished"u8, new HostTime(3, 0));
        Assert.Equal([("bench: begin md5 1.00", 3), ("x", 3), ("", 3)], lines);
        Assert.Equal("bench: begin md5 1.00\nx\n\nunfinished", console.Tail);
    }

    [Fact]
    public void Of_a_long_console_the_end_is_kept()
    {
        int count = 0;
        var console = new ConsoleLines((_, _) => count++);
        for (int i = 0; i < 1000; i++)
            console.Add(Encoding.ASCII.GetBytes($"this is line {i}\r\n"), default);
        Assert.Equal(1000, count);
        Assert.EndsWith("this is line 998\nthis is line 999\n", console.Tail, StringComparison.Ordinal);
        Assert.InRange(console.Tail.Length, 4000, 8000);
    }

    // The process used half of a CPU all the time.
    private void Line(string line, double seconds) => marks.Line(line, new HostTime(seconds, seconds / 2));
}
