using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Exceptions;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>SVC, HVC, SMC, BRK, HLT and ERET.</summary>
internal static unsafe class ExceptionGeneration
{
    public static void Register(Binders b)
    {
        b.Add(ExceptionEncodings.SVC, &BindSvc);
        b.Add(ExceptionEncodings.HVC, &BindHvc);
        b.Add(ExceptionEncodings.SMC, &BindSmc);
        b.Add(ExceptionEncodings.BRK, &BindBrk);
        b.Add(ExceptionEncodings.HLT, &BindHlt);
        b.Add(ExceptionEncodings.ERET, &BindEret);
    }

    private static void BindSvc(Insn* i) => Bind(i, &Svc);

    private static void BindHvc(Insn* i) => Bind(i, &Hvc);

    private static void BindSmc(Insn* i) => Bind(i, &Smc);

    private static void BindBrk(Insn* i) => Bind(i, &Brk);

    /// <summary>Halting debug is never enabled: HLT is UNDEFINED (C6.2.141).</summary>
    private static void BindHlt(Insn* i) => i->Handler = &Raise.Undefined;

    private static void BindEret(Insn* i) => i->Handler = &Eret;

    private static void Bind(Insn* i, delegate*<CpuState*, Insn*, int> handler)
    {
        i->Imm = i->Word >> 5 & 0xFFFF;
        i->Handler = handler;
    }

    /// <summary>A stepped SVC is complete when its exception is taken (SSAdvance).</summary>
    private static int Svc(CpuState* s, Insn* i)
    {
        s->Ss = 0;
        Raise.Exception(s, i, ExceptionClass.Svc64, (uint)i->Imm);
        s->Pending.ReturnAddress += 4;
        return Status.Leave;
    }

    private static int Brk(CpuState* s, Insn* i) => Raise.Exception(s, i, ExceptionClass.Brk64, (uint)i->Imm);

    private static int Hvc(CpuState* s, Insn* i) => Call(s, i, PendingKind.Hypercall);

    private static int Smc(CpuState* s, Insn* i) => Call(s, i, PendingKind.SecureMonitorCall);

    private static int Call(CpuState* s, Insn* i, PendingKind kind)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        s->Pc = s->CurrentPc(i) + 4;
        s->Pending = new PendingEvent { Kind = kind, Data = i->Imm, ReturnAddress = s->Pc };
        return Status.Leave;
    }

    private static int Eret(CpuState* s, Insn* i)
    {
        if (s->El == 0)
            return Raise.Undefined(s, i);
        Core.Of(s).ReturnFromException();
        return Status.Branch;
    }
}
