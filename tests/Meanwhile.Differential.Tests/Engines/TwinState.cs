using Meanwhile.Arm64;
using Meanwhile.Arm64.SystemRegisters;

namespace Meanwhile.Differential.Tests.Engines;

/// <summary>What is compared after each run, by name: for reports. Comparing without names is fast.</summary>
internal sealed unsafe class TwinState
{
    private readonly List<(string Name, string Value)> values = [];
    private readonly byte[] memory;

    public TwinState(Twin twin, RunResult result)
    {
        CpuState* s = twin.Core.State;
        PendingEvent e = result.Event;
        Add("end", $"{result.Reason} {e.Kind}");
        Add("event", result.Reason == RunReason.Exit ? $"{e.Access} {e.Size} va {e.VirtualAddress:x} pa {e.PhysicalAddress:x} data {e.Data:x} walk {e.DuringTableWalk}" : "");
        Add("retired", $"{s->InstructionsRetired}");
        Add("pc", s->Pc);
        Add("pstate", twin.Core.GetPstate());
        for (int n = 0; n < 32; n++)
            Add(n == 31 ? "sp" : $"x{n}", s->X[n]);
        for (int n = 0; n < 32; n++)
            Add($"v{n}", $"{s->V[(2 * n) + 1]:x16}_{s->V[2 * n]:x16}");
        Add("fpcr", s->Fpcr);
        Add("fpsr", s->Fpsr);
        Add("sp_el0'", s->SpEl0);
        Add("sp_el1'", s->SpEl1);
        Add("exclusive", s->ExclusiveSize == 0 ? "open" : $"{s->ExclusiveSize} {s->ExclusiveAddress:x} {s->ExclusiveHigh:x}_{s->ExclusiveLow:x}");
        Add("event register", s->EventRegister);
        Add("lines", (ulong)s->InterruptLines);
        Add("esr", s->System.EsrEl1);
        Add("far", s->System.FarEl1);
        Add("elr", s->System.ElrEl1);
        Add("spsr", s->System.SpsrEl1);
        Add("par", s->System.ParEl1);
        Add("ttbr0", s->System.Ttbr0El1);
        Add("cpacr", s->System.CpacrEl1);
        ulong* file = (ulong*)&s->System;
        for (int n = 0; n < sizeof(SystemRegisterFile) / sizeof(ulong); n++)
            Add($"system[{n}]", file[n]);
        memory = twin.Memory.ToArray();
    }

    public static bool AreEqual(in RunResult a, in RunResult b) => a.Reason == b.Reason
        && (a.Reason != RunReason.Exit
            || (a.Event.Kind == b.Event.Kind && a.Event.Access == b.Event.Access && a.Event.Size == b.Event.Size
                && a.Event.VirtualAddress == b.Event.VirtualAddress && a.Event.PhysicalAddress == b.Event.PhysicalAddress
                && a.Event.Data == b.Event.Data && a.Event.DuringTableWalk == b.Event.DuringTableWalk));

    public static bool AreEqual(CpuState* a, CpuState* b) =>
        a->InstructionsRetired == b->InstructionsRetired && a->Pc == b->Pc && a->Nzcv == b->Nzcv && a->Fpcr == b->Fpcr && a->Fpsr == b->Fpsr
        && a->El == b->El && a->SpSel == b->SpSel && a->Daif == b->Daif && a->Pan == b->Pan && a->Uao == b->Uao && a->Ss == b->Ss && a->Il == b->Il
        && a->EventRegister == b->EventRegister && a->ExclusiveSize == b->ExclusiveSize
        && (a->ExclusiveSize == 0
            || (a->ExclusiveAddress == b->ExclusiveAddress && a->ExclusiveLow == b->ExclusiveLow && a->ExclusiveHigh == b->ExclusiveHigh))
        && a->SpAlignmentMask == b->SpAlignmentMask && a->SpEl0 == b->SpEl0 && a->SpEl1 == b->SpEl1 && a->InterruptLines == b->InterruptLines
        && new ReadOnlySpan<ulong>(a->X, CpuState.Zr + 1).SequenceEqual(new ReadOnlySpan<ulong>(b->X, CpuState.Zr + 1))
        && new ReadOnlySpan<ulong>(a->V, 64).SequenceEqual(new ReadOnlySpan<ulong>(b->V, 64))
        && new ReadOnlySpan<byte>(&a->System, sizeof(SystemRegisterFile)).SequenceEqual(new ReadOnlySpan<byte>(&b->System, sizeof(SystemRegisterFile)));

    /// <summary>This is before. A line for all that changed, with a * where the two differ.</summary>
    public IEnumerable<string> Compare(TwinState interpreter, TwinState translator)
    {
        yield return $"    {"",-14} {"before",-34} {"interpreter",-34} translator";
        for (int n = 0; n < values.Count; n++)
        {
            string before = values[n].Value, a = interpreter.values[n].Value, b = translator.values[n].Value;
            if (before != a || a != b)
                yield return $"  {(a != b ? '*' : ' ')} {values[n].Name,-14} {before,-34} {a,-34} {b}";
        }
        int shown = 0;
        for (int at = 0; at < memory.Length; at += sizeof(ulong))
        {
            ulong before = BitConverter.ToUInt64(memory, at), a = BitConverter.ToUInt64(interpreter.memory, at), b = BitConverter.ToUInt64(translator.memory, at);
            if (a != b && shown++ < 16)
                yield return $"  * {TwinLayout.Ram + (ulong)at,-14:x} {before,-34:x16} {a,-34:x16} {b:x16}";
        }
    }

    private void Add(string name, ulong value) => Add(name, $"{value:x16}");

    private void Add(string name, string value) => values.Add((name, value));
}
