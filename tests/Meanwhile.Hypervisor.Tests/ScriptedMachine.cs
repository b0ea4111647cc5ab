using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Tests.Engines;
using Meanwhile.Memory;

namespace Meanwhile.Hypervisor.Tests;

/// <summary>A machine of 1 MiB whose vCPUs run scripts.</summary>
internal sealed class ScriptedMachine : IDisposable
{
    internal const long RamSize = 1 << 20;
    private readonly List<ScriptedEngine> engines = [];

    internal ScriptedMachine(IClock? clock = null, int vcpus = 1)
    {
        Clock = clock ?? new VirtualClock();
        Ram = new GuestRam(new GuestRamOptions { Size = RamSize });
        Machine = new VirtualMachine(new VirtualMachineOptions
        {
            Clock = Clock,
            Ram = Ram,
            VcpuCount = vcpus,
            EngineFactory = (memory, registers, mpidr) =>
            {
                ScriptedEngine engine = new(memory, registers, mpidr);
                engines.Add(engine);
                return engine;
            },
        });
    }

    internal IClock Clock { get; }

    internal GuestRam Ram { get; }

    internal VirtualMachine Machine { get; }

    internal ScriptedEngine Engine => engines[0];

    internal IReadOnlyList<ScriptedEngine> Engines => engines;

    /// <summary>Lets the GIC signal PPI <paramref name="intid"/> of vCPU 0, as a driver sets it up.</summary>
    internal void EnablePpi(int intid)
    {
        Machine.Gic.Distributor.Write(0, 4, 3);
        Machine.Gic.Redistributors.Write(0x14, 4, 0);
        Machine.Gic.Redistributors.Write(0x1_0080, 4, 0xFFFF_FFFF);
        Machine.Gic.Redistributors.Write(0x1_0100, 4, 1u << intid);
        Engine.WriteSystemRegister(Arm64.GicV3.GicBench.Pmr, 0xF0);
        Engine.WriteSystemRegister(Arm64.GicV3.GicBench.Igrpen1, 1);
    }

    public void Dispose()
    {
        Machine.Dispose();
        (Clock as IDisposable)?.Dispose();
        Ram.Dispose();
    }
}
