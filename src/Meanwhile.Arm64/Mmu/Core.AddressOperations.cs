using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64;

/// <content>DC, IC and AT instructions by address.</content>
public sealed unsafe partial class Core
{
    private const int ZeroBlockSize = 64;

    /// <summary>
    /// Translates for a cache maintenance instruction: faults as the manual says (WnR = 1, CM = 1), touches nothing. False: Pending is set.
    /// </summary>
    /// <param name="i">The instruction.</param>
    /// <param name="va">Its operand.</param>
    /// <param name="access">Permission needed, where <paramref name="checkPermission"/>.</param>
    /// <param name="checkPermission">Permission matters (EL0, and DC IVAC).</param>
    /// <param name="physicalPage">The page.</param>
    internal bool TryTranslateForMaintenance(Insn* i, ulong va, AccessKind access, bool checkPermission, out ulong physicalPage)
    {
        Stage1Translation t;
        if (!MmuEnabled)
        {
            TranslateFlat(va, out t);
        }
        else
        {
            bool user = State->El == 0;
            Walk(va, user, out t);
            // Stage 1 permission checks of maintenance leave PAN aside (D8.4.4).
            if (t.Fault == FaultStatus.None && checkPermission && !Permits(in t, access, user, pan: false))
                t.Fault = FaultStatus.Permission | t.Level;
        }
        physicalPage = t.PhysicalPage;
        if (t.Fault == FaultStatus.None)
            return true;
        if (t.Fault == FaultStatus.TableNotPresent)
            LeaveForStageTwo(i, va, t.PhysicalPage, access, duringTableWalk: true);
        else
            RaiseDataAbort(i, va, t.Fault, write: true, cacheMaintenance: true);
        return false;
    }

    /// <summary>DC ZVA: zeroes the 64-byte block that holds <paramref name="va"/>. False: Pending is set.</summary>
    internal bool TryZeroBlock(Insn* i, ulong va)
    {
        ulong block = va & ~(ulong)(ZeroBlockSize - 1);
        if (!TryLocate(i, block, ZeroBlockSize, AccessKind.Write, AccessFlags.None, out Target target, whole: false))
        {
            // A kernel clears whole pages this way before it uses them again: what they held need not be brought for that.
            if (State->Pending is { Kind: PendingKind.StageTwoFault, DuringTableWalk: false } && Memory.TryZeroBlock(State->Pending.PhysicalAddress))
            {
                State->Pending.Kind = PendingKind.None;
                return true;
            }
            // FAR_EL1 is the operand, not the block.
            State->Pending.VirtualAddress = va;
            return false;
        }
        if (target.Host == null)
        {
            RaiseDataAbort(i, va, FaultStatus.ExternalAbort, write: true);
            return false;
        }
        // The block lies within the page that the target was resolved for.
        new Span<byte>(target.Host, ZeroBlockSize).Clear();
        return true;
    }

    /// <summary>AT S1E*: PAR_EL1 tells the translation or the fault (D17.2.112). Access flag and dirty state are not updated.</summary>
    internal bool TryTranslateToPar(Insn* i, ulong va, AccessKind access, bool user, bool pan)
    {
        Stage1Translation t;
        if (!MmuEnabled)
        {
            TranslateFlat(va, out t);
            t.Shareability = 2;
        }
        else
        {
            Walk(va, user, out t);
            if (t.Fault == FaultStatus.None && !Permits(in t, access, user, pan))
                t.Fault = FaultStatus.Permission | t.Level;
        }
        const ulong Res1 = 1UL << 11;
        switch (t.Fault)
        {
            case FaultStatus.None:
                // Device memory and Non-cacheable memory read as Outer Shareable.
                uint shareability = t.Device || t.Attributes == 0x44 ? 2u : t.Shareability;
                State->System.ParEl1 = (ulong)t.Attributes << 56 | t.PhysicalPage | Res1 | shareability << 7;
                return true;
            case FaultStatus.TableNotPresent:
                LeaveForStageTwo(i, va, t.PhysicalPage, access, duringTableWalk: true);
                return false;
            case >= FaultStatus.ExternalAbortOnWalk and <= (FaultStatus.ExternalAbortOnWalk | 3):
                // External aborts on the walk are taken, unlike MMU faults (D8.15, AT instructions).
                RaiseDataAbort(i, va, t.Fault, write: true, cacheMaintenance: true);
                return false;
            default:
                State->System.ParEl1 = Res1 | (uint)t.Fault << 1 | 1;
                return true;
        }
    }

    /// <summary>Writes PSTATE.PAN.</summary>
    internal void WritePan(byte value)
    {
        State->Pan = value;
        SelectDataTlb();
    }

    /// <summary>Writes PSTATE.UAO.</summary>
    internal void WriteUao(byte value)
    {
        State->Uao = value;
        SelectDataTlb();
    }
}
