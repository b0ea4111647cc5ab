using System.Text.Json;

namespace Meanwhile.Cli.Tests.Bench;

/// <summary>
/// <c>meanwhile bench migration</c>, on the virtual clock, where the figures are the same on any machine: what asynchronous page faults must be worth while
/// a guest's memory follows it. One migration of a guest that touches most of its memory: of a smaller one, or one that touches less, the end of
/// the migration is pages that nobody waits for, and says nothing.
/// </summary>
public sealed class MigrationBench_Tests
{
    [Fact]
    public void Tasks_go_on_while_memory_follows()
    {
        string report = Path.GetTempFileName();
        try
        {
            using CommandProcess command = CommandProcess.Meanwhile(
                "bench", "migration", "--rounds", "1", "--passes", "6", "--json", report);
            Assert.True(command.WaitForExit(TimeSpan.FromMinutes(10)) == 0, command.Errors);
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(report));
            JsonElement root = json.RootElement;
            Assert.Equal("virtual", root.GetProperty("clock").GetString());
            Assert.Equal((100_000_000, 500_000), (root.GetProperty("bandwidthBytesPerSecond").GetInt64(), root.GetProperty("roundTripNs").GetInt64()));
            JsonElement off = root.GetProperty("runs").EnumerateArray().Single(run => !run.GetProperty("asyncPageFaults").GetBoolean());
            JsonElement on = root.GetProperty("runs").EnumerateArray().Single(run => run.GetProperty("asyncPageFaults").GetBoolean());

            Assert.InRange(Figure(on, "postCopyCalculationPerMs") / Figure(off, "postCopyCalculationPerMs"), 1.8, 2.1);
            Assert.InRange(Figure(on, "standStillPercent"), 0, 5);
            Assert.InRange(Figure(on, "downtimeMs"), 0, Math.Min(30, 1.01 * Figure(off, "downtimeMs")));
            Assert.InRange(Figure(on, "totalMs") / Figure(off, "totalMs"), 0, 1.01);
            Assert.InRange(Figure(on, "memoryMs") / Figure(off, "memoryMs"), 0, 1.01);

            // What the figures are made of: most of RAM went after the guest, the link was busy, faults were told of, or waited for.
            foreach (JsonElement run in (JsonElement[])[off, on])
            {
                JsonElement round = run.GetProperty("rounds").EnumerateArray().Single();
                JsonElement status = round.GetProperty("status");
                Assert.Equal("Completed", status.GetProperty("phase").GetString());
                Assert.True(Figure(status, "postCopyBytes") > 0.8 * Figure(status, "total"));
                Assert.InRange(Figure(status, "throughput"), 780, 801);
                Assert.InRange(Figure(round, "stoodStillMs"), 0, Figure(round, "postCopyMs"));
            }
            Assert.True(Figure(on.GetProperty("rounds")[0], "notified") > 1000);
            Assert.Equal(0, Figure(off.GetProperty("rounds")[0], "notified"));
        }
        finally
        {
            File.Delete(report);
        }
    }

    private static double Figure(JsonElement run, string name) => run.GetProperty(name).GetDouble();
}
