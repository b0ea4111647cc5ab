using Meanwhile.Cli.Bench.Guests;

namespace Meanwhile.Cli.Tests.Bench.Guests;

public sealed class HostTime_Tests
{
    // proc_pid_stat(5): 1 pid, 2 (comm), 3 state, …, 14 utime, 15 stime, 16 cutime, 17 cstime, 18 priority.
    [Theory]
    [InlineData("12 (sh) S 4 5 6 7 8 9 10 11 12 13 1000 200 30 4 20 0 1 0 99", 1234)]
    [InlineData("12 (a (b) c) S 4 5 6 7 8 9 10 11 12 13 1000 200 30 4 20 0 1 0 99", 1234)]
    public void CPU_time_is_the_processs_and_its_childrens(string stat, long ticks) => Assert.Equal(ticks, HostTime.CpuTicks(stat));
}
