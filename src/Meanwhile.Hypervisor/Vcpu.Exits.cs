using Meanwhile.Arm64;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Memory;

namespace Meanwhile.Hypervisor;

/// <content>What is done about each exit.</content>
public sealed partial class Vcpu
{
    /// <summary>Pages brought together when the guest's kernel waits for one of them.</summary>
    private const int KernelPrefetch = 16;

    private bool haltAfterCall;

    /// <summary>PSCI CPU_SUSPEND: halts as WFI does, once the call that is being answered is done.</summary>
    internal void HaltAfterCall() => haltAfterCall = true;

    private void HandleExit(in VcpuExit exit)
    {
        switch (exit.Reason)
        {
            case VcpuExitReason.Interrupted:
            case VcpuExitReason.BudgetSpent:
                break;
            case VcpuExitReason.Hypercall:
                HandleHypercall(exit);
                break;
            case VcpuExitReason.SecureMonitorCall:
                Engine.SetRegister(VcpuRegister.X0, ulong.MaxValue);
                break;
            case VcpuExitReason.WaitForInterrupt:
                Halt();
                break;
            case VcpuExitReason.WaitForEvent:
                if (virtualClock is null)
                    Thread.Yield();
                break;
            case VcpuExitReason.Mmio:
                HandleMmio(exit);
                break;
            case VcpuExitReason.MemoryFault:
                HandleMemoryFault(exit);
                break;
            default:
                throw new InvalidOperationException($"vCPU {Index}: exit {exit.Reason}");
        }
    }

    private void HandleHypercall(in VcpuExit exit)
    {
        // DEN0028 2.9: only immediate 0 is the calling convention's.
        if (exit.Data != 0)
        {
            Engine.SetRegister(VcpuRegister.X0, ulong.MaxValue);
            return;
        }

        machine.Hypercalls.Call(Engine, Index);
        if (haltAfterCall)
        {
            haltAfterCall = false;
            Halt();
        }
    }

    private void HandleMmio(in VcpuExit exit)
    {
        ulong data = 0;
        if (exit.Access == AccessKind.Write)
            machine.Mmio.Write(exit.PhysicalAddress, exit.Size, exit.Data);
        else
            data = machine.Mmio.Read(exit.PhysicalAddress, exit.Size);
        Engine.CompleteMmio(data);
    }

    private void HandleMemoryFault(in VcpuExit exit)
    {
        ulong page = exit.PhysicalAddress & ~(ulong)(GuestRam.PageSize - 1);
        if (!machine.Memory.TryGetOffset(page, GuestRam.PageSize, out long offset))
            throw new InvalidOperationException($"vCPU {Index}: memory fault outside RAM at 0x{exit.PhysicalAddress:x}");
        long pageIndex = offset / GuestRam.PageSize;
        if (machine.FaultHandler is { } handler && handler.TryHandleAsynchronously(this, exit, pageIndex))
        {
            Statistics.AsynchronousFaults++;
            return;
        }

        Statistics.SynchronousFaults++;
        WaitForPage(pageIndex);
    }

    /// <summary>Makes a page resident and waits for it; the guest's instruction then runs again.</summary>
    private void WaitForPage(long pageIndex)
    {
        Statistics.BeginFaultWait(machine.Clock.Now);
        PageWait wait = new(this);
        machine.Ram.Request(pageIndex, wait.Complete);
        // A kernel's own data (page descriptors, slabs, its text) lies together, and no task can be put to sleep for it.
        if (IsPrivileged)
            machine.Ram.Prefetch(pageIndex, KernelPrefetch);
        // A machine that ends does not wait; when it runs again, the access faults again.
        while (!wait.IsComplete && ProcessRequests())
            Idle();
        Statistics.EndFaultWait(machine.Clock.Now);
    }

    // PSTATE.M[3:2] is the exception level.
    private bool IsPrivileged => (Engine.GetRegister(VcpuRegister.Pstate) & 0xC) != 0;

    private sealed class PageWait(Vcpu vcpu)
    {
        private volatile bool complete;

        internal bool IsComplete => complete;

        internal void Complete()
        {
            complete = true;
            vcpu.Wake();
        }
    }
}
