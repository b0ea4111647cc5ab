using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor.Arm64;

/// <summary>Power State Coordination Interface, version 1.1 (DEN0022).</summary>
internal sealed class Psci(VirtualMachine machine) : ISmcccService, IStateSection
{
    // Function numbers; the 64-bit call of a number has bit 30 of the id set.
    private const uint Base = 0x8400_0000;
    private const uint Call64 = 0x4000_0000;
    private const uint Version = Base;
    private const uint CpuSuspend = Base + 1;
    private const uint CpuOff = Base + 2;
    private const uint CpuOn = Base + 3;
    private const uint AffinityInfo = Base + 4;
    private const uint MigrateInfoType = Base + 6;
    private const uint SystemOff = Base + 8;
    private const uint SystemReset = Base + 9;
    private const uint Features = Base + 0xA;
    private const uint SystemReset2 = Base + 0x12;
    private const uint SmcccVersion = 0x8000_0000;

    private const long Success = 0;
    private const long InvalidParameters = -2;
    private const long AlreadyOn = -4;
    private const long OnPending = -5;
    private const long InvalidAddress = -9;

    public string SectionName => "psci";

    public int SectionVersion => 1;

    public void Save(StateWriter writer)
    {
        foreach (Vcpu vcpu in machine.Vcpus)
            vcpu.SavePower(writer);
    }

    public void Restore(StateReader reader, int version)
    {
        foreach (Vcpu vcpu in machine.Vcpus)
            vcpu.RestorePower(reader);
    }

    public bool Owns(uint functionId) => (functionId & ~(Call64 | 0x1Fu)) == Base;

    public void Handle(ref SmcccCall call)
    {
        uint function = call.FunctionId;
        switch (function)
        {
            case Version:
                call.SetResult(0, 0x1_0001);
                break;
            case CpuSuspend or CpuSuspend | Call64:
                // 5.4: every power state is a standby state here; the caller returns with an interrupt as from WFI.
                call.SetResult(0, Success);
                machine.Vcpus[call.VcpuIndex].HaltAfterCall();
                break;
            case CpuOff:
                machine.Vcpus[call.VcpuIndex].PowerOff();
                break;
            case CpuOn or CpuOn | Call64:
                call.SetResult(0, PowerOn(call.Argument(1), call.Argument(2), call.Argument(3)));
                break;
            case AffinityInfo or AffinityInfo | Call64:
                call.SetResult(0, State(call.Argument(1), call.Argument(2)));
                break;
            case MigrateInfoType:
                // 5.9: no Trusted OS that would have to be migrated.
                call.SetResult(0, 2);
                break;
            case SystemOff:
                machine.End(new RunOutcome(RunOutcomeKind.PowerOff));
                break;
            case SystemReset:
                machine.End(new RunOutcome(RunOutcomeKind.ColdReset));
                break;
            case SystemReset2 or SystemReset2 | Call64:
                // 5.16: type 0 is the architectural warm reset; there are no vendor types.
                if ((uint)call.Argument(1) == 0)
                    machine.End(new RunOutcome(RunOutcomeKind.WarmReset));
                else
                    call.SetResult(0, InvalidParameters);
                break;
            case Features:
                call.SetResult(0, IsImplemented((uint)call.Argument(1)) ? Success : SmcccCall.NotSupported);
                break;
        }
    }

    private static bool IsImplemented(uint function) => function is Version or CpuOff or MigrateInfoType or SystemOff or SystemReset or Features
        or SmcccVersion or CpuSuspend or (CpuSuspend | Call64) or CpuOn or (CpuOn | Call64) or AffinityInfo or (AffinityInfo | Call64)
        or SystemReset2 or (SystemReset2 | Call64);

    /// <summary>5.6.</summary>
    private long PowerOn(ulong target, ulong entry, ulong context)
    {
        foreach (Vcpu vcpu in machine.Vcpus)
        {
            if ((vcpu.Mpidr & Affinity.Mask) != target)
                continue;
            if ((entry & 3) != 0 || !machine.Memory.TryGetOffset(entry, sizeof(uint), out _))
                return InvalidAddress;
            if (vcpu.TryPowerOn(entry, context, out VcpuPowerState state))
                return Success;
            return state == VcpuPowerState.On ? AlreadyOn : OnPending;
        }

        return InvalidParameters;
    }

    /// <summary>5.7: on when any PE of the named affinity instance is.</summary>
    private long State(ulong target, ulong level)
    {
        if (level > 3)
            return InvalidParameters;
        ulong mask = Affinity.LevelMask((int)level);
        long found = InvalidParameters;
        foreach (Vcpu vcpu in machine.Vcpus)
        {
            if ((vcpu.Mpidr & mask) != (target & mask))
                continue;
            VcpuPowerState state = vcpu.PowerState;
            if (state == VcpuPowerState.On)
                return (long)VcpuPowerState.On;
            if (found != (long)VcpuPowerState.OnPending)
                found = (long)state;
        }

        return found;
    }
}
