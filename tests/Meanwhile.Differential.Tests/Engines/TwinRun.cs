using Meanwhile.Arm64;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Differential.Tests.Engines;

/// <summary>A program on the interpreter and on the translator, beside each other: the same budgets, interrupts, devices and missing pages.</summary>
internal sealed unsafe class TwinRun : IDisposable
{
    private readonly TwinProgram program;
    private RandomSource random;

    /// <param name="seed">Of everything.</param>
    /// <param name="features">What the translator may use of the host.</param>
    public TwinRun(ulong seed, HostFeatures features)
    {
        program = new TwinProgram(seed);
        random = new RandomSource(~seed);
        Interpreter = new Twin(program, null);
        Translator = new Twin(program, features);
    }

    public Twin Interpreter { get; }

    public Twin Translator { get; }

    /// <summary>Runs so far.</summary>
    public int Runs { get; private set; }

    public long Instructions => Interpreter.Core.State->InstructionsRetired;

    /// <summary>How the interpreter's last run ended.</summary>
    public RunResult Result { get; private set; }

    private RunResult TranslatorResult { get; set; }

    /// <summary>What happens between runs. Returns the budget of the next.</summary>
    public long Prepare()
    {
        if (Runs > 0 && Result.Reason == RunReason.Exit)
            HandleExit(Result.Event);
        if (random.OneIn(6))
        {
            var line = (InterruptLine)(1 << random.Below(3));
            bool asserted = !random.OneIn(3);
            Both(twin => twin.Core.SetInterruptLine(line, asserted));
        }
        if (random.OneIn(12))
        {
            int frame = TwinLayout.CodeFrame + random.Below(TwinLayout.FrameCount - TwinLayout.CodeFrame);
            Both(twin =>
            {
                twin.Absent[frame] = true;
                twin.Core.FlushTlb();
            });
        }
        if (random.OneIn(5))
        {
            int pad = random.Below(TwinLayout.Pads);
            if (!IsMasked())
                Both(twin => program.Restart(twin.Core, pad));
        }
        if (random.OneIn(60))
            Both(twin => twin.Core.Kick());
        return random.Below(10) switch
        {
            0 => random.Below(3),
            < 4 => 1 + random.Below(20),
            < 8 => 20 + random.Below(200),
            _ => 200 + random.Below(1500),
        };
    }

    /// <summary>Runs both.</summary>
    public void Run(long budget)
    {
        Runs++;
        Result = Interpreter.Core.Run(budget);
        TranslatorResult = Translator.Core.Run(budget);
    }

    /// <summary>Nothing differs but perhaps memory.</summary>
    public bool AreEqual() => TwinState.AreEqual(Result, TranslatorResult) && TwinState.AreEqual(Interpreter.Core.State, Translator.Core.State);

    /// <summary>Lines for what differs: before, interpreter, translator.</summary>
    public IEnumerable<string> Differences(TwinState before)
    {
        TwinState ours = new(Interpreter, Result), theirs = new(Translator, TranslatorResult);
        return before.Compare(ours, theirs);
    }

    /// <summary>
    /// The data TLBs of both met the same misses and have the same size: which pages are accessed first after an invalidation must not depend on the engine.
    /// </summary>
    public bool AreTlbsEqual() =>
        Interpreter.Core.TlbSize == Translator.Core.TlbSize && Interpreter.Core.DataTlbFills == Translator.Core.DataTlbFills;

    /// <summary>How many times as large as at first the data TLBs are.</summary>
    public int TimesLarger => Translator.Core.TlbSize / program.TlbSize;

    public bool IsMemoryEqual() => Interpreter.Memory.SequenceEqual(Translator.Memory);

    public void Dispose()
    {
        Interpreter.Dispose();
        Translator.Dispose();
    }

    /// <summary>With all masked, a macro may be about to make visible what it changed.</summary>
    private bool IsMasked()
    {
        CpuState* s = Interpreter.Core.State;
        bool inHandler = (s->Pc & ~0x1FFFUL) == TwinLayout.Vectors;
        return (inHandler ? s->System.SpsrEl1 >> 6 & 15 : s->Daif) == 15;
    }

    private void Both(Action<Twin> action)
    {
        action(Interpreter);
        action(Translator);
    }

    private void HandleExit(PendingEvent exit)
    {
        switch (exit.Kind)
        {
            case PendingKind.Mmio:
                ulong data = random.Next();
                if (random.OneIn(8))
                    Both(twin => twin.Core.InjectExternalAbort(in exit));
                else
                    Both(twin => twin.Core.CompleteMmio(data));
                break;
            case PendingKind.StageTwoFault:
                int frame = (int)((exit.PhysicalAddress - TwinLayout.Ram) / TwinLayout.PageSize);
                Both(twin => twin.Absent[frame] = false);
                break;
            case PendingKind.WaitForInterrupt or PendingKind.WaitForEvent when random.OneIn(2):
                Both(twin => twin.Core.SetInterruptLine(InterruptLine.Irq, true));
                break;
        }
    }
}
