using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Exceptions;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>Decodes an instruction when it is first executed, so that what is never executed costs nothing.</summary>
internal static unsafe class LazyBinding
{
    /// <summary>Sets up <paramref name="i"/> to decode itself.</summary>
    public static void Prepare(Insn* i, uint word, int pageOffset, CodeMode mode) =>
        *i = new Insn
        {
            Word = word,
            PageOffset = (ushort)pageOffset,
            Handler = mode == CodeMode.FpEnabled ? &BindWithFp : &BindWithoutFp,
        };

    /// <summary>Sets up the entry after the last of a chunk, which goes on at the next address.</summary>
    public static void PrepareEnd(Insn* i, int pageOffset) => *i = new Insn { PageOffset = (ushort)pageOffset, Handler = &GoOn };

    /// <summary>Decodes <paramref name="i"/>, whose Word and PageOffset are set and whose operands are zero.</summary>
    public static void Bind(Insn* i, CodeMode mode)
    {
        Encoding? encoding = Decoder.Instance.Decode(i->Word);
        if (encoding is null || !Binders.Instance.Has(encoding))
            i->Handler = &Raise.Undefined;
        else if (mode == CodeMode.FpTrapped && UsesFp(i->Word))
            i->Handler = &Raise.FpTrap;
        else
            Binders.Instance.Bind(encoding, i);
    }

    private static int BindWithFp(CpuState* s, Insn* i) => BindAndExecute(s, i, CodeMode.FpEnabled);

    private static int BindWithoutFp(CpuState* s, Insn* i) => BindAndExecute(s, i, CodeMode.FpTrapped);

    /// <summary>Instructions of translated units are shared by the PEs of a machine: one that sees the handler sees the operands too.</summary>
    private static int BindAndExecute(CpuState* s, Insn* i, CodeMode mode)
    {
        Insn bound = new() { Word = i->Word, PageOffset = i->PageOffset };
        Bind(&bound, mode);
        delegate*<CpuState*, Insn*, int> handler = bound.Handler;
        bound.Handler = i->Handler;
        *i = bound;
        Volatile.Write(ref *(nint*)&i->Handler, (nint)handler);
        return handler(s, i);
    }

    /// <summary>Not an instruction of the guest: takes back the count that the loop adds for it.</summary>
    private static int GoOn(CpuState* s, Insn* i)
    {
        s->Pc = s->CodePageVa + i->PageOffset;
        s->InstructionsRetired--;
        return Status.Branch;
    }

    /// <summary>
    /// True for instructions that CPACR_EL1.FPEN traps (DDI0487 C4.1): data processing with bits 27..25 = 111, and loads and stores
    /// (bits 27 = 1, 25 = 0) with V, bit 26, set.
    /// </summary>
    public static bool UsesFp(uint word) => (word & 0x0E00_0000) is 0x0E00_0000 or 0x0C00_0000;
}
