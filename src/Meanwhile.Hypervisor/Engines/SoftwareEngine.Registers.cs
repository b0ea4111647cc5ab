using Meanwhile.Arm64;

namespace Meanwhile.Hypervisor.Engines;

/// <content>Registers by KVM's names, and reset.</content>
public sealed unsafe partial class SoftwareEngine
{
    // core.State below is native memory that lives until Dispose; the engine is not used after that.

    /// <inheritdoc/>
    public void Reset() => core.Reset();

    /// <inheritdoc/>
    public ulong GetRegister(VcpuRegister register)
    {
        CpuState* state = core.State;
        return register switch
        {
            >= VcpuRegister.X0 and <= VcpuRegister.X30 => state->X[(int)register],
            VcpuRegister.SpEl0 => UsesSpEl1(state) ? state->SpEl0 : state->X[CpuState.Sp],
            VcpuRegister.SpEl1 => UsesSpEl1(state) ? state->X[CpuState.Sp] : state->SpEl1,
            VcpuRegister.Pc => state->Pc,
            VcpuRegister.Pstate => core.GetPstate(),
            VcpuRegister.ElrEl1 => state->System.ElrEl1,
            VcpuRegister.SpsrEl1 => state->System.SpsrEl1,
            VcpuRegister.VbarEl1 => state->System.VbarEl1,
            VcpuRegister.MpidrEl1 => state->System.MpidrEl1,
            _ => throw new ArgumentOutOfRangeException(nameof(register)),
        };
    }

    /// <inheritdoc/>
    public void SetRegister(VcpuRegister register, ulong value)
    {
        CpuState* state = core.State;
        switch (register)
        {
            case >= VcpuRegister.X0 and <= VcpuRegister.X30:
                state->X[(int)register] = value;
                break;
            case VcpuRegister.SpEl0:
                *(UsesSpEl1(state) ? &state->SpEl0 : &state->X[CpuState.Sp]) = value;
                break;
            case VcpuRegister.SpEl1:
                *(UsesSpEl1(state) ? &state->X[CpuState.Sp] : &state->SpEl1) = value;
                break;
            case VcpuRegister.Pc:
                state->Pc = value;
                break;
            case VcpuRegister.Pstate:
                core.SetPstate(value);
                break;
            case VcpuRegister.ElrEl1:
                state->System.ElrEl1 = value;
                break;
            case VcpuRegister.SpsrEl1:
                state->System.SpsrEl1 = value;
                break;
            case VcpuRegister.VbarEl1:
                state->System.VbarEl1 = value;
                break;
            case VcpuRegister.MpidrEl1:
                state->System.MpidrEl1 = value;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(register));
        }
    }

    private static bool UsesSpEl1(CpuState* state) => state->El == 1 && state->SpSel == 1;
}
