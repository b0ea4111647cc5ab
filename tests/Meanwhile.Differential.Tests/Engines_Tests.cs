using Meanwhile.Arm64.Translator;
using Meanwhile.Differential.Tests.Engines;

namespace Meanwhile.Differential.Tests;

/// <summary>
/// Random programs on whole machines: the translator must end every run as the interpreter does, in every register and byte. At EL0 and EL1, with
/// faults of both stages, devices, interrupts between runs, changed mappings and changed code, and runs that stop anywhere.
/// </summary>
public unsafe class Engines_Tests
{
    private const ulong Seed = 0x456E_6769_6E65_7300;

    private const int RunsPerProgram = 240;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_translator_ends_every_run_as_the_interpreter_does(bool withHostFeatures)
    {
        HostFeatures features = withHostFeatures ? HostFeatures.Host : HostFeatures.Baseline;
        int programs = Math.Max(1, Campaign.Count / 800);
        var tally = new EnginesTally();
        string? report = null;
        Parallel.For(
            0,
            programs,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount) },
            (n, loop) =>
            {
                ulong seed = Seed + ((ulong)n << 20) + (withHostFeatures ? 0u : 1u);
                if (FindDifference(seed, features, tally) is not int runs)
                    return;
                loop.Break();
                lock (tally)
                {
                    report ??= TwinReport.Explain(seed, features, runs);
                }
            });
        if (report is not null)
            Assert.Fail(report);
        tally.AssertVariety(programs);
        TestContext.Current.SendDiagnosticMessage(tally.ToString());
    }

    private static int? FindDifference(ulong seed, HostFeatures features, EnginesTally tally)
    {
        using TwinRun run = new(seed, features);
        for (int n = 0; n < RunsPerProgram; n++)
        {
            run.Run(run.Prepare());
            tally.Count(run);
            if (!run.AreEqual())
                return run.Runs;
        }
        tally.Count(run.Instructions, run.Translator.Translations!, run.TimesLarger);
        return run.IsMemoryEqual() && run.AreTlbsEqual() ? null : run.Runs;
    }
}
