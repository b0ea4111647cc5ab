using Meanwhile.Arm64.SystemRegisters;
using Meanwhile.Hypervisor.Arm64.GicV3;

namespace Meanwhile.Hypervisor.Arm64;

/// <summary>
/// The system registers of a vCPU that are not its core's: the GIC CPU interface (ICC_*) and the generic timer (CNT*). The core traps EL0
/// by CNTKCTL_EL1 before it comes here.
/// </summary>
internal sealed class VcpuSystemRegisters(GicCpuInterface cpuInterface, GenericTimer timer) : ISystemRegisterBus
{
    private static readonly uint CntfrqEl0 = SystemRegister.Key(3, 3, 14, 0, 0);
    private static readonly uint CntpctEl0 = SystemRegister.Key(3, 3, 14, 0, 1);
    private static readonly uint CntvctEl0 = SystemRegister.Key(3, 3, 14, 0, 2);
    private static readonly uint CntpTvalEl0 = SystemRegister.Key(3, 3, 14, 2, 0);
    private static readonly uint CntpCtlEl0 = SystemRegister.Key(3, 3, 14, 2, 1);
    private static readonly uint CntpCvalEl0 = SystemRegister.Key(3, 3, 14, 2, 2);
    private static readonly uint CntvTvalEl0 = SystemRegister.Key(3, 3, 14, 3, 0);
    private static readonly uint CntvCtlEl0 = SystemRegister.Key(3, 3, 14, 3, 1);
    private static readonly uint CntvCvalEl0 = SystemRegister.Key(3, 3, 14, 3, 2);

    public bool TryRead(uint register, int exceptionLevel, out ulong value)
    {
        if (register == CntvctEl0 || register == CntpctEl0)
            value = timer.Count;
        else if (register == CntfrqEl0)
            value = GenericTimer.Frequency;
        else if (register == CntvCtlEl0)
            value = timer.Virtual.Control;
        else if (register == CntvCvalEl0)
            value = timer.Virtual.CompareValue;
        else if (register == CntvTvalEl0)
            value = timer.Virtual.TimerValue;
        else if (register == CntpCtlEl0)
            value = timer.Physical.Control;
        else if (register == CntpCvalEl0)
            value = timer.Physical.CompareValue;
        else if (register == CntpTvalEl0)
            value = timer.Physical.TimerValue;
        else
        {
            value = 0;
            return exceptionLevel != 0 && cpuInterface.TryRead(register, out value);
        }

        return true;
    }

    public bool TryWrite(uint register, int exceptionLevel, ulong value)
    {
        // CNTFRQ_EL0 is written by the highest implemented exception level only, which a guest does not have here.
        if (register == CntvCtlEl0)
            timer.Virtual.Control = value;
        else if (register == CntvCvalEl0)
            timer.Virtual.CompareValue = value;
        else if (register == CntvTvalEl0)
            timer.Virtual.TimerValue = value;
        else if (register == CntpCtlEl0)
            timer.Physical.Control = value;
        else if (register == CntpCvalEl0)
            timer.Physical.CompareValue = value;
        else if (register == CntpTvalEl0)
            timer.Physical.TimerValue = value;
        else
            return exceptionLevel != 0 && cpuInterface.TryWrite(register, value);
        return true;
    }
}
