using Meanwhile.Hypervisor.Engines;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor;

/// <summary>
/// Decides about a guest access to RAM that is not resident: the hook of async page faults. Without one, and whenever it declines, the
/// vCPU waits until the page is there.
/// </summary>
public interface IMemoryFaultHandler
{
    /// <summary>
    /// True when the guest is told and goes on meanwhile; the handler has asked for the page. Called on the vCPU's thread, outside the guest.
    /// </summary>
    /// <param name="vcpu">The faulting vCPU.</param>
    /// <param name="exit">The fault.</param>
    /// <param name="pageIndex">The page, as index in guest RAM.</param>
    bool TryHandleAsynchronously(Vcpu vcpu, in VcpuExit exit, long pageIndex);

    /// <summary>
    /// Tells the guest of a fault that was none, and soon that its page is there, so that it is seen what the guest uses for that. False: not
    /// now, or never. On the vCPU's thread, outside the guest.
    /// </summary>
    bool TryRehearse(Vcpu vcpu);
}

/// <summary>
/// What a vCPU delivers to its guest between exits other than through the interrupt controller: page-ready tokens, SDEI events. Added with
/// <see cref="VirtualMachine.AddEventSource"/>; asked in that order. Whoever makes an event pending calls <see cref="Vcpu.Wake"/>.
/// </summary>
public interface IVcpuEventSource : IStateSection
{
    /// <summary>Delivers what can be delivered now. On the vCPU's thread, before each entry into the guest.</summary>
    void Deliver(Vcpu vcpu);

    /// <summary>True when a vCPU that is halted in WFI must go on. On the vCPU's thread.</summary>
    bool IsPending(Vcpu vcpu);

    /// <summary>The vCPU was reset, or switched off by PSCI. On the vCPU's thread, or with the machine stopped.</summary>
    void Reset(Vcpu vcpu);
}
