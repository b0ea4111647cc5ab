using System.Numerics;
using System.Runtime.CompilerServices;
using Meanwhile.Arm64.Exceptions;
using Meanwhile.Arm64.Interpreter;

namespace Meanwhile.Arm64;

/// <content>The interpreter's loop: blocks, from one to the next, until something needs to be looked at.</content>
public sealed unsafe partial class Core
{
    private readonly CodeCache code = new();
    private readonly MmioLog mmio = new();

    /// <summary>The code page that <see cref="CpuState.CodePageVa"/> translates to, or null when that must be asked again.</summary>
    private CodePage* fetchPage;
    private byte* fetchHost;
    private CodeMode fetchMode;
    private bool flushCode;

    /// <summary>What the loop stopped for.</summary>
    private enum Stop
    {
        /// <summary>The budget is spent.</summary>
        Budget,

        /// <summary><see cref="CpuState.Attention"/> is not zero.</summary>
        Attention,

        /// <summary><see cref="CpuState.Pending"/> is set and <see cref="CpuState.Pc"/> is where it happened or goes on.</summary>
        Event,
    }

    /// <summary>
    /// Drops what the core knows about the page it executes from. To be called for whatever changes translation, exception level or
    /// <see cref="CodeMode"/>; also from the running block, which goes on with what it has to its end.
    /// </summary>
    internal void InvalidateFetchPage()
    {
        fetchPage = null;
        State->JumpKey[0] = State->JumpKey[1] = Translator.JumpCache.NoKey;
    }

    /// <summary>IC IVAU: drops decoded instructions of a guest-physical page. Also from the running block. False: there were none.</summary>
    internal bool InvalidateCode(ulong physicalPage)
    {
        bool any = code.Invalidate(physicalPage & ~0xFFFUL);
        if (translated is null)
            return any;
        any |= translated.Invalidate(physicalPage);
        // The running unit may go on to its end, but not to others that are forgotten.
        if (translated.Generation != seenGeneration)
            InvalidateFetchPage();
        return any;
    }

    /// <summary>IC IALLU: drops all decoded instructions. Also from the running block.</summary>
    internal void InvalidateAllCode()
    {
        // The running block stays valid until the loop comes by.
        flushCode = true;
        InvalidateFetchPage();
    }

    /// <summary>
    /// The data of the next device access of the running instruction, when the hypervisor has completed it (anything for a write). False:
    /// it has to be made; the slow path leaves with <see cref="PendingKind.Mmio"/>.
    /// </summary>
    internal bool TryTakeCompletedMmio(out ulong data) => mmio.TryTake(out data);

    /// <summary>Executes blocks until <see cref="CpuState.InstructionsRetired"/> is <paramref name="limit"/> or something else stops it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Stop ExecuteBlocks(long limit)
    {
        CpuState* s = State;
        while (true)
        {
            Insn* i = null;
            if (fetchPage is not null)
            {
                // Rotating refuses another page and a misaligned PC in one comparison.
                ulong slot = BitOperations.RotateRight(s->Pc - s->CodePageVa, 2);
                if (slot < CodePage.InsnCount)
                {
                    i = CodePage.Chunks(fetchPage)[slot / CodePage.ChunkLength];
                    if (i is not null)
                        i += slot % CodePage.ChunkLength;
                }
            }
            long left = limit - s->InstructionsRetired;
            if (i is null)
            {
                if (left <= 0)
                    return Stop.Budget;
                i = FindInsn();
                if (i is null)
                    return Stop.Event;
            }
            if (left < CodePage.ChunkLength)
                return ExecuteSome(i, left);

            s->CountedUpTo = i;
            int status;
            while ((status = i->Handler(s, i)) == Status.Next)
                i++;
            if (status != Status.Branch)
                return Leave(i);
            s->InstructionsRetired += i + 1 - s->CountedUpTo;
            if (s->Attention != 0)
                return Stop.Attention;
        }
    }

    /// <summary>Executes up to <paramref name="count"/> instructions, and no further than the end of the block.</summary>
    private Stop ExecuteSome(Insn* i, long count)
    {
        CpuState* s = State;
        s->CountedUpTo = i;
        for (; count > 0; count--, i++)
        {
            int status = i->Handler(s, i);
            if (status == Status.Leave)
                return Leave(i);
            if (status == Status.Branch)
            {
                s->InstructionsRetired += i + 1 - s->CountedUpTo;
                return s->Attention != 0 ? Stop.Attention : Stop.Budget;
            }
        }
        SynchronizeInstructionCount(s, i);
        s->Pc = s->CodePageVa + i->PageOffset;
        return Stop.Budget;
    }

    /// <summary>Settles count and PC for the event that <paramref name="i"/> left behind.</summary>
    private Stop Leave(Insn* i)
    {
        CpuState* s = State;
        SynchronizeInstructionCount(s, i);
        ulong pc = s->CurrentPc(i);
        bool restarts = s->Pending.Kind is PendingKind.Mmio or PendingKind.StageTwoFault;
        s->Pc = restarts ? pc : s->Pending.ReturnAddress;
        // SVC, HVC, WFI and their like are complete; what returns to the instruction itself is not.
        if (s->Pc != pc)
            s->InstructionsRetired++;
        return Stop.Event;
    }

    /// <summary>The instruction at <see cref="CpuState.Pc"/>, translated and fetched as needed. Null: Pending is set, with PC unchanged.</summary>
    private Insn* FindInsn()
    {
        CpuState* s = State;
        if (flushCode)
            FlushCode();
        ulong pc = s->Pc = BranchAddress(s->Pc);
        if ((pc & 3) != 0)
            return FetchException(ExceptionClass.PcAlignment, pc);
        ulong pageVa = pc & ~0xFFFUL;
        if (fetchPage is null || s->CodePageVa != pageVa)
        {
            fetchPage = null;
            if (!TryTranslateFetch(pc, out ulong physicalPage, out byte* host))
                return null;
            fetchMode = CurrentCodeMode();
            fetchHost = host;
            fetchPage = code.Page(physicalPage, fetchMode);
            if (fetchPage is null)
            {
                FlushCode();
                fetchPage = code.Page(physicalPage, fetchMode);
            }
            s->CodePageVa = pageVa;
        }
        if (s->Il != 0)
            return FetchException(ExceptionClass.IllegalState, 0);
        int slot = (int)(pc - pageVa) / sizeof(uint);
        Insn* chunk = CodePage.Chunks(fetchPage)[slot / CodePage.ChunkLength];
        if (chunk is null)
            chunk = code.MakeChunk(fetchPage, fetchHost, slot / CodePage.ChunkLength, fetchMode);
        if (chunk is null)
        {
            FlushCode();
            return FindInsn();
        }
        return chunk + (slot % CodePage.ChunkLength);
    }

    private void FlushCode()
    {
        code.Flush();
        translated?.ForgetAll();
        flushCode = false;
        InvalidateFetchPage();
    }

    private Insn* FetchException(ExceptionClass ec, ulong far)
    {
        State->Pending = new PendingEvent
        {
            Kind = PendingKind.Exception,
            Syndrome = ((ulong)ec << 26) | (1u << 25),
            VirtualAddress = far,
            ReturnAddress = State->Pc,
        };
        return null;
    }

    /// <summary>DDI0487 AArch64.BranchAddr: where TCR_EL1.TBIn ignores the top byte, a program counter never holds it.</summary>
    private ulong BranchAddress(ulong target)
    {
        const int TopByteIgnored0 = 37, TopByteIgnored1 = 38;
        int upper = (int)(target >> 55) & 1;
        if (((State->System.TcrEl1 >> (upper == 0 ? TopByteIgnored0 : TopByteIgnored1)) & 1) == 0)
            return target;
        return (ulong)((long)(target << 8) >> 8);
    }

    /// <summary>CPACR_EL1.FPEN: 0b11 traps nothing, 0b01 traps EL0, the others trap both.</summary>
    private CodeMode CurrentCodeMode()
    {
        ulong fpen = (State->System.CpacrEl1 >> 20) & 3;
        return fpen == 3 || (fpen == 1 && State->El == 1) ? CodeMode.FpEnabled : CodeMode.FpTrapped;
    }
}
