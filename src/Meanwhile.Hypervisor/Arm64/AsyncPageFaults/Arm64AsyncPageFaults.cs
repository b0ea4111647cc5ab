using Meanwhile.Hypervisor.Arm64.Sdei;
using Meanwhile.Hypervisor.AsyncPageFaults;

namespace Meanwhile.Hypervisor.Arm64.AsyncPageFaults;

/// <summary>
/// Asynchronous page faults of an arm64 machine: the guest's calls (function 2 of the vendor-specific hypervisor service), and the two
/// halves of each vCPU put together. The protocol is docs/protocol.md.
/// </summary>
public sealed class Arm64AsyncPageFaults
{
    /// <summary>Page-not-present's SDEI event unless another is chosen.</summary>
    public const uint DefaultEvent = 0x4040_0001;

    /// <summary>Page-ready's PPI unless another is chosen: INTID 22, which no device of the board has.</summary>
    public const int DefaultPpi = 22;

    private const int FeatureBit = 2;
    private const long Version = 0x01_00_00;

    private readonly AsyncPageFaultVcpu[] vcpus;
    private readonly AsyncPageFaultService service;
    private readonly uint notPresentEvent;
    private readonly int readyPpi;

    private Arm64AsyncPageFaults(VirtualMachine machine, SdeiService sdei, uint notPresentEvent, int readyPpi)
    {
        this.notPresentEvent = notPresentEvent;
        this.readyPpi = readyPpi;
        vcpus = [.. machine.Vcpus.Select(vcpu => new AsyncPageFaultVcpu(machine, vcpu, sdei, notPresentEvent, readyPpi))];
        service = new AsyncPageFaultService(machine, vcpu => vcpus[vcpu.Index]);
        foreach (Vcpu vcpu in machine.Vcpus)
            vcpus[vcpu.Index].Connect(service.Queue(vcpu));
    }

    private enum Function : uint
    {
        Version = 0,
        Slots = 1,
        Sdei = 2,
        Irq = 3,
        Enable = 4,
        IrqAcknowledge = 5,
    }

    /// <summary>Gives a machine SDEI and asynchronous page faults. Before it runs.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="notPresentEvent">SDEI event number of page-not-present.</param>
    /// <param name="readyPpi">INTID of page-ready, 16..31, of no other device.</param>
    public static Arm64AsyncPageFaults Attach(VirtualMachine machine, uint notPresentEvent = DefaultEvent, int readyPpi = DefaultPpi)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var sdei = new SdeiService(machine, [(notPresentEvent, SdeiPriority.Critical)]);
        var attached = new Arm64AsyncPageFaults(machine, sdei, notPresentEvent, readyPpi);
        machine.VendorServices.Add(FeatureBit, attached.Answer);
        // Before SDEI: what completed takes back events that were not delivered yet.
        attached.service.Attach(machine);
        sdei.Attach();
        return attached;
    }

    /// <summary>One vCPU's counters. Any thread.</summary>
    public AsyncPageFaultStatistics Statistics(Vcpu vcpu) => service.Statistics(vcpu);

    private void Answer(ref SmcccCall call)
    {
        AsyncPageFaultVcpu vcpu = vcpus[call.VcpuIndex];
        switch ((Function)call.Argument(1))
        {
            case Function.Version:
                AnswerValue(ref call, Version);
                break;
            case Function.Slots:
                AnswerValue(ref call, AsyncPageFaultQueue.DefaultSlots);
                break;
            case Function.Sdei:
                AnswerValue(ref call, notPresentEvent);
                break;
            case Function.Irq:
                AnswerValue(ref call, readyPpi);
                break;
            case Function.Enable:
                call.SetResult(0, vcpu.Enable((uint)call.Argument(2) | (call.Argument(3) << 32)));
                break;
            case Function.IrqAcknowledge:
                call.SetResult(0, vcpu.Acknowledge());
                break;
            default:
                call.SetResult(0, SmcccStatus.NotSupported);
                break;
        }
    }

    private static void AnswerValue(ref SmcccCall call, long value)
    {
        call.SetResult(0, SmcccStatus.Success);
        call.SetResult(1, value);
    }
}
