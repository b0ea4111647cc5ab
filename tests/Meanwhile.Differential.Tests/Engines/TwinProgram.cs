using System.Runtime.InteropServices;
using Meanwhile.Arm64;

namespace Meanwhile.Differential.Tests.Engines;

/// <summary>What both machines start with: memory with tables, vectors and random code, and registers. The same for the same seed.</summary>
internal sealed unsafe class TwinProgram
{
    private readonly ulong[] x = new ulong[34];
    private readonly ulong[] v = new ulong[64];
    private readonly ulong tcr, sctlr, cpacr;
    private readonly uint fpcr;

    public TwinProgram(ulong seed)
    {
        RandomSource random = new(seed);
        Image = new byte[TwinLayout.FrameCount * (int)TwinLayout.PageSize];
        Span<ulong> data = MemoryMarshal.Cast<byte, ulong>(Image.AsSpan((int)(TwinLayout.DataFrame * TwinLayout.PageSize)));
        for (int n = 0; n < data.Length; n += 8)
            data[n] = random.Next();
        TwinPageTables.Write(Image, ref random);
        HandlerCode.Write(Image.AsSpan((int)(TwinLayout.VectorFrame * TwinLayout.PageSize)));
        Pads = new (ulong, ulong)[TwinLayout.Pads];
        for (int n = 0; n < Pads.Length; n++)
            Pads[n] = ProgramGenerator.MakePad(ref random);
        Pads.CopyTo(MemoryMarshal.Cast<byte, (ulong, ulong)>(Image.AsSpan((int)(TwinLayout.HandlerDataFrame * TwinLayout.PageSize))));
        for (int frame = 0; frame < TwinLayout.CodeFrames; frame++)
        {
            int at = (TwinLayout.CodeFrame + frame) * (int)TwinLayout.PageSize;
            ProgramGenerator.Fill(MemoryMarshal.Cast<byte, uint>(Image.AsSpan(at, (int)TwinLayout.PageSize)), ref random);
        }
        Absent = new bool[TwinLayout.FrameCount];
        for (int frame = TwinLayout.CodeFrame; frame < Absent.Length; frame++)
            Absent[frame] = random.OneIn(8);
        for (int n = 0; n < 32; n++)
            x[n] = ProgramMacros.IsBase(n) ? ProgramMacros.DataAddress(ref random) : Operands.General(ref random);
        x[ProgramMacros.TableRegister] = TwinLayout.Root(0);
        for (int n = 0; n < 32; n++)
            (v[2 * n], v[(2 * n) + 1]) = Operands.Vector(ref random);
        fpcr = random.OneIn(2) ? 0 : Operands.Fpcr(ref random);
        // T0SZ, T1SZ for 39 bits, 4 KiB granules, 36-bit addresses; TBI0, TBI1, HA and HD by chance.
        tcr = 25 | 25 << 16 | 2UL << 30 | 1UL << 32 | ((ulong)random.Below(4) << 37) | (random.OneIn(2) ? (ulong)random.Below(4) << 39 : 0);
        // M, SPAN, and A, SA, SA0, UMA, DZE, UCT, nTWI, nTWE, UCI by chance; not EE, E0E, WXN.
        sctlr = 1 | 1 << 23 | (random.Next() & 0x0405_C200) | (random.OneIn(8) ? 2UL : 0) | (random.OneIn(3) ? 0x18UL : 0);
        cpacr = random.OneIn(3) ? (ulong)random.Below(4) << 20 : 3UL << 20;
        CodeSize = random.OneIn(4) ? 384 << 10 : 4 << 20;
        TlbSize = random.OneIn(2) ? 2 : 1024;
    }

    public byte[] Image { get; }

    public bool[] Absent { get; }

    /// <summary>Where the handlers, and who drives the machines, go on: PC and PSTATE.</summary>
    public (ulong Pc, ulong Pstate)[] Pads { get; }

    /// <summary>Bytes of translated code. Little, now and then: then it is full again and again.</summary>
    public int CodeSize { get; }

    /// <summary>Entries that each data TLB starts with. Few, often: then they grow while the program runs.</summary>
    public int TlbSize { get; }

    public void SetState(Core core)
    {
        CpuState* s = core.State;
        for (int n = 0; n < 32; n++)
            s->X[n] = x[n];
        for (int n = 0; n < 64; n++)
            s->V[n] = v[n];
        s->Fpcr = fpcr;
        s->SpEl0 = s->X[CpuState.Sp] + 64;
        s->System.VbarEl1 = TwinLayout.Vectors;
        core.WriteMair(0x00FF); // Attribute 0: Normal, write-back; 1: Device-nGnRnE.
        core.WriteTcr(tcr);
        core.WriteTtbr0(TwinLayout.Root(0));
        core.WriteTtbr1(TwinLayout.Frame(TwinLayout.UpperTables));
        core.WriteSctlr(sctlr);
        core.WriteCpacr(cpacr);
        Restart(core, 0);
    }

    /// <summary>Goes on at a pad, as a debugger would make it do.</summary>
    public void Restart(Core core, int pad)
    {
        ulong pstate = Pads[pad].Pstate;
        // A mode that there is, and no illegal state.
        if ((pstate & 0x1F) is not (0 or 4 or 5))
            pstate &= ~0x1FUL;
        core.SetPstate(pstate & ~(1UL << 20));
        core.State->Pc = Pads[pad].Pc;
        // It may lead to code or tables.
        core.State->X[9] = 0;
    }
}
