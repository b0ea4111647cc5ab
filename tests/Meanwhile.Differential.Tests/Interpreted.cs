using System.Runtime.InteropServices;
using Meanwhile.Arm64;
using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Exceptions;
using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.Mmu;
using Meanwhile.Arm64.SystemRegisters;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Differential.Tests;

/// <summary>Our side, at EL0, with the runner's pages mapped by translation tables: one handler of the interpreter, or the whole core.</summary>
internal sealed unsafe class Interpreted : IPhysicalMemory, ISystemRegisterBus, IDisposable
{
    private const int MemoryBytes = 0x10_0000;

    // Physical pages.
    private const ulong Level1 = 0x0000, Level2 = 0x1000, WindowLevel3 = 0x2000, CodeLevel3 = 0x3000;
    private const ulong LiteralsPage = 0x4000, WindowFirstPage = 0x5000;
    private const ulong VectorPage = 0x8000, ExitsPage = 0x9000, SlotsFirstPage = 0xA000;

    /// <summary>VBAR_EL1.</summary>
    private const ulong Vectors = 0x3010_0000;

    private readonly byte* memory;
    private readonly Core core;
    private bool branched;

    public Interpreted(ExecutionEngine engine = ExecutionEngine.Interpreter, HostFeatures? features = null)
    {
        memory = (byte*)NativeMemory.AlignedAlloc(MemoryBytes, 0x1000);
        NativeMemory.Clear(memory, MemoryBytes);
        core = new Core(this, this, 0, engine == ExecutionEngine.Translator ? new TranslationCache(features: features) : null);
        MapPages();
        GuestLayout.Fill(memory + LiteralsPage, 0x1000, GuestLayout.LiteralsSeed);
    }

    public void Execute(in Record record, int slot, out Result result)
    {
        SetState(in record);
        core.State->Nzcv = record.Nzcv;
        ulong pc = GuestLayout.InstructionAddress(slot);
        ulong at = pc - 4;
        Outcome outcome = record.Prefix == Record.Nop ? Outcome.FellThrough : Step(record.Prefix, at);
        if (outcome == Outcome.FellThrough)
        {
            at = pc;
            outcome = Step(record.Word, pc);
        }
        GetState(outcome, out result);
        if (outcome > Outcome.Branched)
            result.Pc = branched ? core.State->Pc : at;
    }

    /// <summary>Writes the sequences of a batch to memory, for <see cref="ExecuteSequence"/>.</summary>
    public void LoadSequences(ReadOnlySpan<Record> records)
    {
        for (int slot = 0; slot < records.Length; slot++)
        {
            uint* code = (uint*)(memory + SlotsFirstPage + (GuestLayout.SequenceAddress(slot) - GuestLayout.Slots));
            int length = (int)records[slot].Length;
            for (int n = 0; n < length; n++)
                code[n] = records[slot].Code[n];
            ulong end = GuestLayout.SequenceAddress(slot) + ((ulong)length * sizeof(uint));
            code[length] = BranchTo(end, GuestLayout.Exits);
            code[length + 1] = BranchTo(end + 4, GuestLayout.Exits + 32);
        }
        core.InvalidateAllCode();
    }

    /// <summary>Runs a sequence as the guest would: fetched from memory, in blocks, at EL0, until it leaves or faults.</summary>
    public void ExecuteSequence(in Record record, int slot, out Result result)
    {
        CpuState* s = core.State;
        core.SetPstate(record.Nzcv);
        SetState(in record);
        s->System.TpidrEl0 = record.X[30];
        s->Pc = GuestLayout.SequenceAddress(slot);
        RunResult run = core.Run(4 * Record.MaximumLength);
        // Whatever ended the sequence is an exception to EL1, whose vectors make a hypercall.
        bool taken = run.Reason == RunReason.Exit && run.Event.Kind == PendingKind.Hypercall;
        ulong esr = s->System.EsrEl1;
        bool leftBySvc = (ExceptionClass)(esr >> 26 & 0x3F) == ExceptionClass.Svc64;
        Outcome outcome = !taken ? Outcome.Other : leftBySvc ? (Outcome)(esr & 1) : OutcomeOf(esr);
        GetState(outcome, out result);
        result.Nzcv = (uint)s->System.SpsrEl1 & 0xF000_0000;
        result.X[31] = s->SpEl0;
        result.Pc = leftBySvc ? 0 : s->System.ElrEl1;
    }

    public void Dispose()
    {
        core.Dispose();
        NativeMemory.AlignedFree(memory);
    }

    PhysicalPage IPhysicalMemory.Resolve(ulong physicalAddress, bool forWrite) => physicalAddress < MemoryBytes
        ? new PhysicalPage(PhysicalPageKind.Ram, memory + (physicalAddress & ~0xFFFUL), writable: true)
        : new PhysicalPage(PhysicalPageKind.Mmio, null, writable: false);

    bool ISystemRegisterBus.TryRead(uint register, int exceptionLevel, out ulong value)
    {
        value = 0;
        return false;
    }

    bool ISystemRegisterBus.TryWrite(uint register, int exceptionLevel, ulong value) => false;

    private void SetState(in Record record)
    {
        CpuState* s = core.State;
        GuestLayout.Fill(WindowBytes, GuestLayout.WindowBytes, record.MemorySeed);
        for (int n = 0; n < 32; n++)
            s->X[n] = record.X[n];
        for (int n = 0; n < 64; n++)
            s->V[n] = record.V[n];
        s->Fpcr = record.Fpcr;
        s->Fpsr = record.Fpsr;
        s->ExclusiveSize = 0;
    }

    private void GetState(Outcome outcome, out Result result)
    {
        CpuState* s = core.State;
        result = default;
        result.Outcome = outcome;
        result.Nzcv = s->Nzcv;
        result.Fpcr = s->Fpcr;
        result.Fpsr = s->Fpsr;
        for (int n = 0; n < 32; n++)
            result.X[n] = s->X[n];
        for (int n = 0; n < 64; n++)
            result.V[n] = s->V[n];
        for (int n = 0; n < GuestLayout.WindowBytes; n++)
            result.Window[n] = WindowBytes[n];
        if (s->X[CpuState.Zr] != 0)
            throw new InvalidOperationException("An instruction wrote the slot that must stay zero.");
    }

    private static uint BranchTo(ulong from, ulong to) => 0x1400_0000 | ((uint)(to - from) >> 2 & 0x03FF_FFFF);

    private byte* WindowBytes => memory + WindowFirstPage + (GuestLayout.Window - GuestLayout.WindowPages);

    private Outcome Step(uint word, ulong pc)
    {
        Encoding? encoding = Decoder.Instance.Decode(word);
        branched = false;
        if (encoding is null)
            return Outcome.Undefined;
        CpuState* s = core.State;
        Insn insn = default;
        insn.Word = word;
        insn.PageOffset = (ushort)(pc & 0xFFF);
        s->CodePageVa = pc & ~0xFFFUL;
        Binders.Instance.Bind(encoding, &insn);
        int status = insn.Handler(s, &insn);
        branched = status == Status.Branch;
        switch (status)
        {
            case Status.Next:
                return Outcome.FellThrough;
            case Status.Branch:
                return s->Pc == pc + 4 ? Outcome.FellThrough
                    : s->Pc == pc + 8 ? Outcome.Branched
                    : (s->Pc & 3) != 0 ? Outcome.AlignmentFault
                    : Outcome.Fault;
            default:
                return s->Pending.Kind == PendingKind.Exception ? OutcomeOf(s->Pending.Syndrome) : Outcome.Other;
        }
    }

    private static Outcome OutcomeOf(ulong syndrome) => (ExceptionClass)(syndrome >> 26 & 0x3F) switch
    {
        ExceptionClass.Unknown => Outcome.Undefined,
        ExceptionClass.Brk64 => Outcome.Breakpoint,
        ExceptionClass.PcAlignment or ExceptionClass.SpAlignment => Outcome.AlignmentFault,
        ExceptionClass.DataAbortLower => (syndrome & 0x3F) == 0x21 ? Outcome.AlignmentFault : Outcome.Fault,
        ExceptionClass.InstructionAbortLower => Outcome.Fault,
        _ => Outcome.Other,
    };

    /// <summary>The runner's pages, at EL0's disposal, and vectors for EL1, in a 39-bit address space of 4 KiB pages.</summary>
    private void MapPages()
    {
        const ulong Table = 3, Page = 3 | 1 << 10 | 3 << 8 | 1 << 6; // Access flag, inner shareable, EL0 may read and write.
        WriteDescriptor(Level1, GuestLayout.WindowPages >> 30, Level2 | Table);
        WriteDescriptor(Level2, GuestLayout.WindowPages >> 21, WindowLevel3 | Table);
        WriteDescriptor(Level2, GuestLayout.Literals >> 21, CodeLevel3 | Table);
        WriteDescriptor(WindowLevel3, GuestLayout.WindowPages >> 12, WindowFirstPage | Page);
        WriteDescriptor(WindowLevel3, (GuestLayout.WindowPages >> 12) + 1, (WindowFirstPage + 0x1000) | Page);
        WriteDescriptor(CodeLevel3, GuestLayout.Literals >> 12, LiteralsPage | Page);
        WriteDescriptor(CodeLevel3, GuestLayout.Exits >> 12, ExitsPage | Page);
        for (int n = 0; n < GuestLayout.BatchSize * GuestLayout.SlotBytes / 0x1000; n++)
            WriteDescriptor(CodeLevel3, (GuestLayout.Slots >> 12) + (ulong)n, (SlotsFirstPage + ((ulong)n << 12)) | Page);
        WriteDescriptor(CodeLevel3, Vectors >> 12, VectorPage | (Page & ~(1UL << 6)));
        *(uint*)(memory + ExitsPage) = 0xD400_0001; // svc #0
        *(uint*)(memory + ExitsPage + 32) = 0xD400_0021; // svc #1
        for (int vector = 0; vector < 0x800; vector += 0x80)
            *(uint*)(memory + VectorPage + vector) = 0xD400_0002; // hvc #0
        core.State->System.VbarEl1 = Vectors;
        core.WriteMair(0xFF); // Attribute 0: Normal, write-back.
        core.WriteTcr(25 | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 23); // T0SZ for 39 bits; no TTBR1 walks.
        core.WriteTtbr0(Level1);
        core.WriteSctlr(1 | 1 << 14 | 1 << 15 | 1 << 26); // M, DZE, UCT, UCI; no alignment checks, as in Linux's user mode under qemu.
        core.WriteCpacr(3 << 20);
        core.SetPstate(0);
    }

    private void WriteDescriptor(ulong table, ulong index, ulong descriptor) => *(ulong*)(memory + table + ((index & 511) * sizeof(ulong))) = descriptor;
}
