using Meanwhile.Hypervisor.Arm64.Sdei;
using Meanwhile.Hypervisor.AsyncPageFaults;
using Meanwhile.Hypervisor.Devices;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor.Arm64.AsyncPageFaults;

/// <summary>
/// Asynchronous page faults of one arm64 vCPU: the control word, and how its guest is told: page-not-present by an SDEI event, page-ready by a
/// PPI, the token in the shared block. Of the vCPU's thread.
/// </summary>
internal sealed class AsyncPageFaultVcpu : IAsyncPageFaultArchitecture
{
    private const ulong Enabled = 1;
    private const ulong SendAlways = 2;
    private const ulong Reserved = 0x3C;

    private readonly VirtualMachine machine;
    private readonly Vcpu vcpu;
    private readonly SdeiService sdei;
    private readonly uint notPresentEvent;
    private readonly int readyPpi;
    private readonly IInterruptLine readyLine;
    private readonly SharedBlock block;
    private AsyncPageFaultQueue? queue;
    private uint armedToken;
    private bool readyUnacknowledged;

    public AsyncPageFaultVcpu(VirtualMachine machine, Vcpu vcpu, SdeiService sdei, uint notPresentEvent, int readyPpi)
    {
        this.machine = machine;
        this.vcpu = vcpu;
        this.sdei = sdei;
        this.notPresentEvent = notPresentEvent;
        this.readyPpi = readyPpi;
        readyLine = machine.Gic.Ppi(vcpu.Index, readyPpi);
        block = new SharedBlock(machine.Ram, vcpu.Wake);
    }

    /// <summary>The control word as ENABLE wrote it; 0 when disabled.</summary>
    public ulong Control { get; private set; }

    private bool IsEnabled => (Control & Enabled) != 0;

    /// <summary>Connects the architecture-neutral half, which is made with this one. Before the machine runs.</summary>
    public void Connect(AsyncPageFaultQueue neutral) => queue = neutral;

    /// <summary>ENABLE (docs/protocol.md section 2): changes nothing unless it answers SUCCESS.</summary>
    public long Enable(ulong control)
    {
        bool enable = (control & Enabled) != 0;
        if ((control & Reserved) != 0)
            return SmcccStatus.InvalidParameter;
        if (enable == IsEnabled)
            return SmcccStatus.NotRequired;
        if (!enable)
        {
            queue!.Clear();
            Reset();
            return SmcccStatus.Success;
        }

        ulong address = control & ~(SharedBlock.Alignment - 1);
        // The slots are whole pages, so a block whose first and last byte are in RAM is in RAM.
        if (address > ulong.MaxValue - SharedBlock.Size || !machine.Memory.TryGetOffset(address, SharedBlock.Size, out long offset))
            return SmcccStatus.InvalidParameter;
        Control = control;
        block.Open(offset);
        queue!.WakeAll();
        return SmcccStatus.Success;
    }

    /// <summary>IRQ_ACK: the guest has taken the page-ready token.</summary>
    public long Acknowledge()
    {
        if (!readyUnacknowledged)
            return SmcccStatus.NotRequired;
        readyUnacknowledged = false;
        readyLine.SetLevel(false);
        return SmcccStatus.Success;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        Control = 0;
        if (UndeliveredToken != 0)
            CancelNotPresent();
        armedToken = 0;
        readyUnacknowledged = false;
        readyLine.SetLevel(false);
        block.Close();
    }

    /// <inheritdoc/>
    public AsyncPageFaultDecision CanNotify(in VcpuExit fault)
    {
        if (!IsEnabled)
            return AsyncPageFaultDecision.NotEnabled;
        if (IsPrivileged)
        {
            if ((Control & SendAlways) == 0)
                return AsyncPageFaultDecision.Privileged;
            // At EL0 the access is made again when the task runs on; a walk that the kernel's own code made may be for its stack or vectors.
            if (fault.DuringTableWalk)
                return AsyncPageFaultDecision.TableWalk;
        }

        return sdei.DeliverabilityOf(vcpu, notPresentEvent) switch
        {
            SdeiDeliverability.NotEnabled => AsyncPageFaultDecision.EventNotEnabled,
            SdeiDeliverability.Masked => AsyncPageFaultDecision.EventsMasked,
            SdeiDeliverability.HandlerRunning => AsyncPageFaultDecision.EventRunning,
            _ => block.IsFree ? AsyncPageFaultDecision.Notified : AsyncPageFaultDecision.BlockBusy,
        };
    }

    /// <inheritdoc/>
    public void NotifyNotPresent(uint token)
    {
        block.Write(SharedBlock.Reason.PageNotPresent, token);
        armedToken = token;
        sdei.Signal(vcpu, notPresentEvent);
    }

    /// <inheritdoc/>
    public uint UndeliveredToken => armedToken != 0 && sdei.IsPending(vcpu, notPresentEvent) ? armedToken : 0;

    /// <inheritdoc/>
    public void CancelNotPresent()
    {
        sdei.Cancel(vcpu, notPresentEvent);
        armedToken = 0;
        block.Clear();
    }

    /// <inheritdoc/>
    public bool CanNotifyReady => IsEnabled && !readyUnacknowledged && block.IsFree;

    /// <inheritdoc/>
    public void NotifyReady(uint token)
    {
        block.Write(SharedBlock.Reason.PageReady, token);
        readyUnacknowledged = true;
        readyLine.SetLevel(true);
    }

    /// <inheritdoc/>
    public string Configuration => $"event 0x{notPresentEvent:x}, interrupt {readyPpi}";

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.WriteUInt32(notPresentEvent);
        writer.WriteUInt32((uint)readyPpi);
        writer.WriteUInt64(Control);
        writer.WriteUInt32(UndeliveredToken);
        writer.WriteBoolean(readyUnacknowledged);
    }

    /// <inheritdoc/>
    public void Restore(StateReader reader)
    {
        reader.RequireUInt32(notPresentEvent, "the event of page-not-present");
        reader.RequireUInt32((uint)readyPpi, "the interrupt of page-ready");
        ulong control = reader.ReadUInt64();
        // As the guest enables it: that queues wake-all, for what the other side had outstanding.
        reader.Require(control == 0 || ((control & Enabled) != 0 && Enable(control) == SmcccStatus.Success), $"control word 0x{control:x} is not valid");
        armedToken = reader.ReadUInt32();
        readyUnacknowledged = reader.ReadBoolean();
        reader.Require(control != 0 || (armedToken == 0 && !readyUnacknowledged), "a token is outstanding though the feature is disabled");
        readyLine.SetLevel(readyUnacknowledged);
    }

    // PSTATE.M[3:2] is the exception level.
    private bool IsPrivileged => (vcpu.Engine.GetRegister(VcpuRegister.Pstate) & 0xC) != 0;
}
