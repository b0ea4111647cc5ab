using Meanwhile.Arm64;
using Meanwhile.Arm64.Exceptions;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Differential.Tests.Engines;

/// <summary>What the programs of a test have met, so that a test that meets nothing fails.</summary>
internal sealed unsafe class EnginesTally
{
    private readonly long[] exits = new long[16];
    private readonly long[] classes = new long[64];
    private long instructions, translated, units, mapped, flushes, grown;

    public void Count(TwinRun run)
    {
        if (run.Result.Reason == RunReason.Exit)
            Interlocked.Increment(ref exits[(int)run.Result.Event.Kind]);
        Interlocked.Increment(ref classes[run.Interpreter.Core.State->System.EsrEl1 >> 26 & 0x3F]);
    }

    public void Count(long executed, TranslationCache cache, int timesLarger)
    {
        if (timesLarger > 1)
            Interlocked.Increment(ref grown);
        Interlocked.Add(ref instructions, executed);
        Interlocked.Add(ref translated, cache.InstructionsTranslated);
        Interlocked.Add(ref units, cache.UnitsTranslated);
        Interlocked.Add(ref mapped, cache.UnitsWithMappedLoops);
        Interlocked.Add(ref flushes, cache.Flushes);
    }

    public void AssertVariety(int programs)
    {
        Assert.InRange(instructions, programs * 1000L, long.MaxValue);
        if (programs < 100)
            return;
        for (PendingKind kind = PendingKind.Hypercall; kind <= PendingKind.StageTwoFault; kind++)
            Assert.True(exits[(int)kind] > 0, $"No exit of kind {kind}.");
        ExceptionClass[] expected =
        [
            ExceptionClass.Unknown, ExceptionClass.Svc64, ExceptionClass.InstructionAbortLower, ExceptionClass.InstructionAbortSame,
            ExceptionClass.DataAbortLower, ExceptionClass.DataAbortSame, ExceptionClass.Brk64, ExceptionClass.PcAlignment,
            ExceptionClass.SpAlignment, ExceptionClass.SError,
        ];
        foreach (ExceptionClass ec in expected)
            Assert.True(classes[(int)ec] > 0, $"No exception of class {ec}.");
        Assert.True(grown > 0, "No TLB has grown.");
        Assert.InRange(mapped, programs * 10L, long.MaxValue);
        Assert.True(flushes > 0, "The memory for code was never full.");
    }

    public override string ToString() =>
        $"{instructions} instructions, {translated} translated in {units} units, {mapped} of them with loops that have a register mapping, {flushes} flushes, {grown} grown TLBs; exits: "
        + string.Join(", ", exits.Select((n, kind) => $"{(PendingKind)kind} {n}"));
}
