using System.Text.Json;
using Meanwhile.Cli.Bench.Migration.Real;

namespace Meanwhile.Cli.Tests.Bench.Migration.Real;

/// <summary>How long vCPUs had no CPU of the host.</summary>
public sealed class VcpuThread_Tests
{
    [Theory]
    [InlineData("7305961 2500000000 21\n", 2.5)]
    [InlineData("0 0 0\n", 0.0)]
    [InlineData("", null)]
    [InlineData("1 -2 3\n", null)]
    public void The_second_field_is_the_time_on_the_run_queue(string schedstat, double? seconds) => Assert.Equal(seconds, VcpuThread.Parse(schedstat));

    [Theory]
    [InlineData("{}")]
    [InlineData("""[{"cpu-index": 0}]""")]
    [InlineData("""[{"thread-id": 2147483647}]""")]
    public void Threads_that_are_not_there_have_no_time(string answer) => Assert.Null(VcpuThread.Waited(JsonDocument.Parse(answer).RootElement));

    [Fact]
    public void A_thread_that_is_there_has_one() =>
        Assert.True(VcpuThread.Waited(JsonDocument.Parse($$"""[{"thread-id": {{Environment.ProcessId}}}]""").RootElement) >= 0);
}
