using System.Text.Json;

namespace Meanwhile.Cli.Tests.Bench;

/// <summary>
/// <c>meanwhile bench memory</c> with its default sizes, on the virtual clock, where the figures are the same on any machine: what asynchronous page
/// faults must be worth.
/// </summary>
public sealed class MemoryBench_Tests
{
    [Fact]
    public void The_feature_pays_in_the_series_own_tests()
    {
        string report = Path.GetTempFileName();
        try
        {
            using CommandProcess command = CommandProcess.Meanwhile("bench", "memory", "--test", "1.1", "--test", "2.1", "--json", report);
            Assert.True(command.WaitForExit() == 0, command.Errors);
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(report));
            JsonElement root = json.RootElement;
            Assert.Equal("virtual", root.GetProperty("clock").GetString());
            Assert.Equal(1000, root.GetProperty("swapLatencyUs").GetInt64());
            Assert.True(root.GetProperty("guestMemoryMiB").GetInt32() >= 2 * root.GetProperty("memoryLimitMiB").GetInt32());

            JsonElement memoryOff = Run(root, "1.1", asyncPageFaults: false);
            JsonElement memoryOn = Run(root, "1.1", asyncPageFaults: true);
            Assert.InRange(Figure(memoryOn, "timeMs") / Figure(memoryOff, "timeMs"), 0, 1.02);

            JsonElement off = Run(root, "2.1", asyncPageFaults: false);
            JsonElement on = Run(root, "2.1", asyncPageFaults: true);
            Assert.InRange(Figure(on, "calculationPerMs") / Figure(off, "calculationPerMs"), 1.8, 2.1);
            Assert.InRange(Figure(on, "timeMs") / Figure(off, "timeMs"), 0, 0.8);
            Assert.InRange(Figure(on, "standStillPercent"), 0, 5);

            // What the figures are made of: many faults, nearly all told, or all waited for.
            Assert.True(Figure(off, "faults") > 5000);
            Assert.Equal(Figure(off, "faults"), Figure(off, "waited"));
            Assert.Equal(0, Figure(off, "notified") + Figure(off, "cancelled"));
            Assert.True(Figure(on, "notified") > 0.9 * Figure(on, "faults"));
            Assert.Equal(Figure(on, "faults"), Figure(on, "notified") + Figure(on, "waited"));
        }
        finally
        {
            File.Delete(report);
        }
    }

    private static JsonElement Run(JsonElement root, string test, bool asyncPageFaults) => root.GetProperty("runs").EnumerateArray().Single(run =>
        run.GetProperty("test").GetString() == test && run.GetProperty("asyncPageFaults").GetBoolean() == asyncPageFaults);

    private static double Figure(JsonElement run, string name) => run.GetProperty(name).GetDouble();
}
