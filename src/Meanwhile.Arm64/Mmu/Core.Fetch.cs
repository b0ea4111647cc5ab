using Meanwhile.Arm64.Exceptions;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64;

/// <content>The instruction side of the MMU.</content>
public sealed unsafe partial class Core
{
    /// <summary>
    /// Translates the page that holds <paramref name="va"/> for execution with the current privilege. Also where a pending
    /// Software Step is noticed, which comes before anything about the instruction. False: Pending is set.
    /// </summary>
    /// <param name="va">Address of the next instruction, 4-byte aligned.</param>
    /// <param name="physicalPage">Guest-physical address of its 4 KiB page.</param>
    /// <param name="host">Host address of that page; valid until the next <see cref="FlushTlb"/>.</param>
    internal bool TryTranslateFetch(ulong va, out ulong physicalPage, out byte* host)
    {
        CpuState* s = State;
        if (stepControl != 0 && IsStepPending(va))
        {
            physicalPage = 0;
            host = null;
            return false;
        }
        FetchTlbEntry* entry = fetchTlbs + ((va >> 12) & (FetchTlbEntry.Count - 1)) + (s->El == 0 ? 0 : FetchTlbEntry.Count);
        if (entry->Tag == ((va & ~0xFFFUL) | s->TlbTag[va >> 55 & 1]))
        {
            physicalPage = entry->PhysicalPage;
            host = entry->Host;
            return true;
        }
        return TryFillFetch(entry, va, out physicalPage, out host);
    }

    private bool TryFillFetch(FetchTlbEntry* entry, ulong va, out ulong physicalPage, out byte* host)
    {
        physicalPage = 0;
        host = null;
        Translate(va, AccessKind.Execute, user: State->El == 0, pan: false, checkPermission: true, out Stage1Translation t);
        if (t.Fault != FaultStatus.None)
        {
            if (t.Fault == FaultStatus.TableNotPresent)
                LeaveForFetchPage(va, t.PhysicalPage, duringTableWalk: true);
            else
                RaiseInstructionAbort(va, t.Fault);
            return false;
        }
        PhysicalPage page = Memory.Resolve(t.PhysicalPage, forWrite: false);
        switch (page.Kind)
        {
            case PhysicalPageKind.NotPresent:
                LeaveForFetchPage(va, t.PhysicalPage | (va & 0xFFF), duringTableWalk: false);
                return false;
            case PhysicalPageKind.Mmio:
                RaiseInstructionAbort(va, FaultStatus.ExternalAbort);
                return false;
        }
        fetchTlbFills++;
        WorkingSet?.Add(t.PhysicalPage, State->El == 0 ? PageUse.UnprivilegedCode : PageUse.PrivilegedCode);
        entry->Tag = TagForFill(va, in t);
        entry->PhysicalPage = t.PhysicalPage;
        entry->Host = page.Host;
        physicalPage = t.PhysicalPage;
        host = page.Host;
        return true;
    }

    private void LeaveForFetchPage(ulong va, ulong pa, bool duringTableWalk) => State->Pending = new PendingEvent
    {
        Kind = PendingKind.StageTwoFault,
        Access = AccessKind.Execute,
        DuringTableWalk = duringTableWalk,
        VirtualAddress = va,
        PhysicalAddress = pa,
        ReturnAddress = va,
    };

    private void RaiseInstructionAbort(ulong va, int status)
    {
        ExceptionClass ec = State->El == 0 ? ExceptionClass.InstructionAbortLower : ExceptionClass.InstructionAbortSame;
        RaiseBeforeFetch(va, ec, (uint)status);
    }

    private void RaiseBeforeFetch(ulong va, ExceptionClass ec, uint iss) => State->Pending = new PendingEvent
    {
        Kind = PendingKind.Exception,
        Syndrome = ((ulong)ec << 26) | (1u << 25) | iss,
        VirtualAddress = va,
        ReturnAddress = va,
    };
}
