using System.Collections.Concurrent;
using System.Text;
using Meanwhile.Arm64;
using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.Translator;
using Encoding = Meanwhile.Arm64.Decoding.Encoding;

namespace Meanwhile.Differential.Tests;

/// <summary>Runs many random instructions of some encodings on both sides and collects what differs.</summary>
/// <param name="cpu">qemu's.</param>
/// <param name="seed">What the records are made from.</param>
/// <param name="engine">Ours.</param>
/// <param name="features">What the translator may use; null: what this host has.</param>
internal sealed class Campaign(string cpu, ulong seed, ExecutionEngine engine = ExecutionEngine.Interpreter, HostFeatures? features = null)
{
    private const int ReportsPerEncoding = 3;

    /// <summary>Stands for sequences in reports.</summary>
    private static readonly Encoding Sequence = new("Sequence", "any:32", null, "Base");

    private readonly ConcurrentDictionary<Encoding, int> failures = new();
    private readonly ConcurrentDictionary<Encoding, int> effects = new();
    private readonly ConcurrentQueue<(Encoding Encoding, Record Record, Result Ours, Result Theirs)> reports = new();

    /// <summary>Instructions per group, from MEANWHILE_DIFFERENTIAL_COUNT.</summary>
    public static int Count { get; } = int.Parse(Environment.GetEnvironmentVariable("MEANWHILE_DIFFERENTIAL_COUNT") ?? "200000");

    /// <summary>The encodings of a group that both sides can be asked about.</summary>
    public static Encoding[] Testable(EncodingGroup group) =>
        [.. group.Encodings.Where(e => Unpredictable.ReasonToSkip(e) is null && Binders.Instance.Has(e))];

    /// <summary>Executes <paramref name="count"/> instructions, the encodings taking turns.</summary>
    public void Run(Encoding[] encodings, int count) => RunBatches(count, (worker, first, n) => RunBatch(worker, encodings, first, n));

    /// <summary>
    /// Executes <paramref name="count"/> sequences of instructions of any of the encodings. For <paramref name="floatingPoint"/>, see
    /// <see cref="SequenceGenerator.Make"/>.
    /// </summary>
    public void RunSequences(Encoding[] encodings, int count, bool floatingPoint = false) =>
        RunBatches(count, (worker, first, n) => RunSequenceBatch(worker, encodings, first, n, floatingPoint));

    private void RunBatches(int count, Action<Worker, int, int> runBatch)
    {
        int batches = (count + GuestLayout.BatchSize - 1) / GuestLayout.BatchSize;
        Parallel.For(
            0,
            batches,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount) },
            () => new Worker(cpu, engine, features),
            (batch, _, worker) =>
            {
                int first = batch * GuestLayout.BatchSize;
                runBatch(worker, first, Math.Min(GuestLayout.BatchSize, count - first));
                return worker;
            },
            worker => worker.Dispose());
    }

    /// <summary>Encodings of which no instruction completed and changed anything: they were not tested.</summary>
    public IEnumerable<Encoding> WithoutEffect(Encoding[] encodings) => encodings.Where(e => !effects.ContainsKey(e));

    /// <summary>Sequences that ran to their end and changed something.</summary>
    public int CompleteSequences => effects.GetValueOrDefault(Sequence);

    /// <summary>Null when nothing differed.</summary>
    public string? Report()
    {
        if (failures.IsEmpty)
            return null;
        StringBuilder text = new();
        text.AppendLine($"Differs from qemu-aarch64 -cpu {cpu}, seed {seed:x}:");
        foreach ((Encoding encoding, int times) in failures.OrderByDescending(f => f.Value))
            text.AppendLine($"  {times,7} times: {encoding.Name}   {encoding.Pattern}");
        var shown = reports.OrderBy(r => r.Encoding.Name, StringComparer.Ordinal).ToArray();
        for (int n = 0; n < shown.Length; n++)
        {
            text.AppendLine();
            text.AppendLine(shown[n].Encoding.Name);
            text.Append(Mismatch.Explain(in shown[n].Record, in shown[n].Ours, in shown[n].Theirs));
        }
        return text.ToString();
    }

    private void RunBatch(Worker worker, Encoding[] encodings, int first, int count)
    {
        int made = 0;
        for (int n = 0; n < count; n++)
        {
            ulong index = (ulong)(first + n);
            Encoding encoding = encodings[(int)(index % (ulong)encodings.Length)];
            if (!RecordGenerator.TryMake(encoding, seed + (index << 20), made, out worker.Records[made]))
                continue;
            worker.Encodings[made] = encoding;
            made++;
        }
        worker.Qemu.Execute(worker.Records.AsSpan(0, made), worker.Theirs);
        // A handler is called as it is; what is translated must be fetched and run.
        bool asProgram = engine != ExecutionEngine.Interpreter;
        if (asProgram)
            worker.Interpreted.LoadSequences(worker.Records.AsSpan(0, made));
        for (int slot = 0; slot < made; slot++)
        {
            Result ours;
            if (asProgram)
                worker.Interpreted.ExecuteSequence(in worker.Records[slot], slot, out ours);
            else
                worker.Interpreted.Execute(in worker.Records[slot], slot, out ours);
            if (Mismatch.HasEffect(in worker.Records[slot], in worker.Theirs[slot]))
                effects.AddOrUpdate(worker.Encodings[slot], 1, (_, times) => times + 1);
            if (!Mismatch.AreEqual(in ours, in worker.Theirs[slot]))
                Fail(worker.Encodings[slot], worker.Records[slot], ours, worker.Theirs[slot]);
        }
    }

    private void RunSequenceBatch(Worker worker, Encoding[] encodings, int first, int count, bool floatingPoint)
    {
        Span<Record> records = worker.Records.AsSpan(0, count);
        for (int slot = 0; slot < count; slot++)
            records[slot] = SequenceGenerator.Make(encodings, seed + ((ulong)(first + slot) << 20), slot, floatingPoint);
        worker.Qemu.Execute(records, worker.Theirs);
        worker.Interpreted.LoadSequences(records);
        for (int slot = 0; slot < count; slot++)
        {
            worker.Interpreted.ExecuteSequence(in records[slot], slot, out Result ours);
            if (Mismatch.HasEffect(in records[slot], in worker.Theirs[slot]))
                effects.AddOrUpdate(Sequence, 1, (_, times) => times + 1);
            if (!Mismatch.AreEqual(in ours, in worker.Theirs[slot]))
                Fail(Sequence, records[slot], ours, worker.Theirs[slot]);
        }
    }

    private void Fail(Encoding encoding, in Record record, in Result ours, in Result theirs)
    {
        if (failures.AddOrUpdate(encoding, 1, (_, times) => times + 1) <= ReportsPerEncoding)
            reports.Enqueue((encoding, record, ours, theirs));
    }

    private sealed class Worker(string cpu, ExecutionEngine engine, HostFeatures? features) : IDisposable
    {
        public QemuUser Qemu { get; } = new(cpu);

        public Interpreted Interpreted { get; } = new(engine, features);

        public Record[] Records { get; } = new Record[GuestLayout.BatchSize];

        public Encoding[] Encodings { get; } = new Encoding[GuestLayout.BatchSize];

        public Result[] Theirs { get; } = new Result[GuestLayout.BatchSize];

        public void Dispose()
        {
            Qemu.Dispose();
            Interpreted.Dispose();
        }
    }
}
