using System.Globalization;
using System.Text.Json;

namespace Meanwhile.Cli.Tests.Migration;

/// <summary>
/// A guest under load that moves on and on, by turns with pre-copy and post-copy: after each move its tasks still work and their data is right.
/// MEANWHILE_MIGRATIONS says how often.
/// </summary>
public sealed class Soak_Tests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly int migrations = int.Parse(Environment.GetEnvironmentVariable("MEANWHILE_MIGRATIONS") ?? "4", CultureInfo.InvariantCulture);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("1", "on")]
    [InlineData("1", "off")]
    [InlineData("2", "on")]
    [InlineData("2", "off")]
    public void There_and_back(string cpus, string asyncPageFaults)
    {
        string[] options = ["--memory", LoadedGuest.Memory, "--cpus", cpus, "--async-page-faults", asyncPageFaults];
        MachineProcess here = MachineProcess.Run(folder, "0", options);
        try
        {
            here.Console.WaitFor("/ # ");
            // Two tasks that check what they wrote, one that calculates, one that only sleeps and counts.
            here.Console.Type("(while :; do testsuite mem --percent 30 --passes 8 --seed 1 | grep -o 'wrong=.*' | sed 's/^/one /'; done) &\n");
            here.Console.Type("(while :; do testsuite mem --percent 20 --passes 8 --seed 2 --calculate | grep -o 'wrong=.*' | sed 's/^/two /'; done) &\n");
            here.Console.Type("(i=0; while :; do sleep 0.1; i=$((i+1)); echo tick $i; done) &\n");
            Works(here);
            for (int move = 1; move <= migrations; move++)
            {
                bool postcopy = move % 2 == 0;
                (MachineProcess there, string at) = MachineProcess.Wait(folder, move.ToString(CultureInfo.InvariantCulture), $"unix:{folder.File($"m{move}")}", options);
                MachineProcess from = here;
                here = there;
                using (from)
                {
                    from.Enable(postcopy ? "postcopy-ram" : "auto-converge");
                    from.Execute("migrate-set-parameters", """{"max-bandwidth":0,"max-postcopy-bandwidth":50000000}""");
                    from.Migrate(at);
                    if (postcopy)
                        from.Execute("migrate-start-postcopy");
                    from.Await("completed");
                    there.Await("completed");
                    Assert.DoesNotMatch("wrong=[1-9]", from.Console.Output);
                    TestContext.Current.TestOutputHelper!.WriteLine($"{move}: {Figures(from)}");
                    Assert.Equal(0, from.Quit());
                }
                Works(there);
            }
            Assert.DoesNotMatch("wrong=[1-9]", here.Console.Output);
            Assert.Equal(0, here.Quit());
        }
        finally
        {
            here.Dispose();
        }
    }

    // What one looks at for whether a guest's hundredth migration costs what its second did.
    private static string Figures(MachineProcess from)
    {
        JsonElement info = from.Execute("query-migrate");
        string proc = $"/proc/{from.Console.Id}";
        string[] status = [.. File.ReadLines($"{proc}/status").Where(line => line.StartsWith("VmRSS", StringComparison.Ordinal) || line.StartsWith("Threads", StringComparison.Ordinal))];
        return $"{info.GetProperty("total-time")} ms, stopped {info.GetProperty("downtime")} ms, {string.Join(", ", status)}, {Directory.GetFiles($"{proc}/fd").Length} handles";
    }

    // Each task comes as far as to say something, twice: what it says first may have been ready before the move.
    private static void Works(MachineProcess machine)
    {
        for (int round = 0; round < 2; round++)
        {
            string[] tasks = ["one wrong=0", "two wrong=0", "tick "];
            int from = machine.Console.Output.Length;
            machine.Await($"heard from {string.Join(", ", tasks)}", () =>
            {
                string since = machine.Console.Output[from..];
                return tasks.All(task => since.Contains(task, StringComparison.Ordinal));
            });
        }
    }
}
