using Meanwhile.Hypervisor.Engines;

namespace Meanwhile.Hypervisor.Arm64;

/// <summary>Leads an HVC to the service that owns its function id.</summary>
public sealed class SmcccBus
{
    private readonly List<ISmcccService> services = [];

    /// <summary>Adds a service. Before the machine runs.</summary>
    public void Add(ISmcccService service) => services.Add(service);

    /// <summary>Answers the call in the vCPU's registers. An unknown function gets NOT_SUPPORTED (DEN0028 5.2).</summary>
    public void Call(IVcpuEngine engine, int vcpuIndex)
    {
        SmcccCall call = new(engine, vcpuIndex);
        // All 64 bits also for a 32-bit call: the answer to an id that exists in neither convention.
        engine.SetRegister(VcpuRegister.X0, ulong.MaxValue);
        foreach (ISmcccService service in services)
        {
            if (service.Owns(call.FunctionId))
            {
                service.Handle(ref call);
                return;
            }
        }
    }
}
