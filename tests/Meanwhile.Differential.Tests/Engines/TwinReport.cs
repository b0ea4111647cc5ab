using System.Text;
using Meanwhile.Arm64;
using Meanwhile.Arm64.Listing;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Differential.Tests.Engines;

/// <summary>Explains a difference: repeats the run up to it, and finds the smallest budget of the last run that shows it.</summary>
internal static unsafe class TwinReport
{
    private const int InstructionsShown = 24, UnitsShown = 2;

    /// <param name="seed">Of the program.</param>
    /// <param name="features">What the translator used.</param>
    /// <param name="runs">The run that ended differently.</param>
    public static string Explain(ulong seed, HostFeatures features, int runs)
    {
        // What differed may have been memory alone, some runs before.
        for (int n = 1; n < runs; n++)
        {
            if (!EndsEqual(seed, features, n, null))
                runs = n;
        }
        using TwinRun run = Repeat(seed, features, runs - 1, out long budget);
        budget = SmallestBudget(seed, features, runs, budget);
        TwinState before = new(run.Interpreter, default);
        run.Run(budget);
        StringBuilder text = new();
        text.AppendLine($"The translator differs from the interpreter: seed 0x{seed:x}, run {runs} of {budget} instructions.");
        text.AppendJoin('\n', run.Differences(before)).AppendLine();
        text.AppendLine($"Data TLBs: {run.Interpreter.Core.DataTlbFills} and {run.Translator.Core.DataTlbFills} fills.");
        AppendTrace(text, seed, features, runs, budget);
        return text.ToString();
    }

    private static TwinRun Repeat(ulong seed, HostFeatures features, int runs, out long nextBudget)
    {
        var run = new TwinRun(seed, features);
        nextBudget = run.Prepare();
        while (run.Runs < runs)
        {
            run.Run(nextBudget);
            nextBudget = run.Prepare();
        }
        return run;
    }

    private static bool EndsEqual(ulong seed, HostFeatures features, int runs, long? lastBudget)
    {
        using TwinRun run = Repeat(seed, features, runs - 1, out long budget);
        run.Run(lastBudget ?? budget);
        return run.AreEqual() && run.IsMemoryEqual() && run.AreTlbsEqual();
    }

    private static long SmallestBudget(ulong seed, HostFeatures features, int runs, long budget)
    {
        long equal = 0;
        while (budget - equal > 1)
        {
            long middle = (equal + budget) / 2;
            if (EndsEqual(seed, features, runs, middle))
                equal = middle;
            else
                budget = middle;
        }
        return budget;
    }

    /// <summary>The last instructions of the run, one at a time on the interpreter, and the units that they are in.</summary>
    private static void AppendTrace(StringBuilder text, ulong seed, HostFeatures features, int runs, long budget)
    {
        using TwinRun run = Repeat(seed, features, runs - 1, out _);
        Twin twin = run.Interpreter;
        List<(ulong Pc, uint Word)> trace = [];
        List<(ulong Frame, ulong Pc, UnitMode Mode)> entries = [];
        ulong expected = 0;
        for (long n = 0; n <= budget; n++)
        {
            ulong pc = twin.Core.State->Pc;
            bool known = twin.TryFindFrame(pc, out ulong frame);
            trace.Add((pc, known ? *(uint*)twin.Host(frame | (pc & 0xFFC)) : 0));
            if (known && (pc != expected || (pc & 0xFFF) == 0))
                entries.Add((frame, pc, ModeOf(twin.Core, pc)));
            expected = pc + 4;
            if (n < budget && twin.Core.Run(1).Reason != RunReason.BudgetSpent)
                break;
        }
        var shown = trace.TakeLast(InstructionsShown).ToArray();
        foreach (((ulong pc, uint word), string listing) in shown.Zip(Disassemble([.. shown.Select(t => t.Word)])))
            text.AppendLine($"{pc:x16}  {word:x8}  {listing}");
        foreach ((ulong frame, ulong pc, UnitMode mode) in entries.TakeLast(UnitsShown))
        {
            text.AppendLine($"\nUnit at {pc:x16}, {mode}:");
            if (run.Translator.Translations!.Describe(frame | (pc & 0xFFF), run.Translator.Host(frame), mode) is not UnitListing listing)
                continue;
            uint[] words = [.. listing.Pieces.Select(p => p.Word).Distinct()];
            var names = words.Zip(Disassemble(words)).ToDictionary(pair => pair.First, pair => pair.Second);
            text.Append(UnitText.Format(listing, run.Translator.Translations.Thunks, (_, word) => names[word]));
        }
    }

    private static UnitMode ModeOf(Core core, ulong pc) =>
        (core.State->El != 0 ? UnitMode.El1 : UnitMode.None)
        | (core.FpEnabled ? UnitMode.FpEnabled : UnitMode.None)
        | ((pc >> 55 & 1) != 0 ? UnitMode.UpperRange : UnitMode.None);

    private static string[] Disassemble(uint[] words) => [.. QemuUser.Disassemble(words)];
}
