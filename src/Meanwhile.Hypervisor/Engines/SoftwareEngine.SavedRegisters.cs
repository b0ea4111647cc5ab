using Meanwhile.Arm64;

namespace Meanwhile.Hypervisor.Engines;

/// <content>Registers by KVM's ids, for saving and restoring.</content>
public sealed unsafe partial class SoftwareEngine
{
    /// <summary>Most instructions that a restored core may have counted: as many again are left before the count would overflow.</summary>
    private const ulong MaximumRetired = 1UL << 62;

    // In the order of restoring: PC before the accesses of its instruction, PSTATE before the monitor, which it opens.
    private static readonly ulong[] FixedIds =
    [
        .. Enumerable.Range(0, 31).Select(RegisterId.X),
        RegisterId.SpEl0, RegisterId.SpEl1, RegisterId.Pc, RegisterId.ElrEl1, RegisterId.SpsrEl1,
        .. Enumerable.Range(0, 32).Select(RegisterId.V),
        RegisterId.Fpsr, RegisterId.Fpcr,
        .. Core.SavedSystemRegisters.Select(RegisterId.System),
        RegisterId.Pstate, RegisterId.InstructionsRetired, RegisterId.AtException, RegisterId.EventRegister,
        RegisterId.ExclusiveSize, RegisterId.ExclusiveAddress, RegisterId.ExclusiveValue, RegisterId.MmioCount,
    ];

    private static readonly ulong[] FixedIdentificationIds = [.. Core.IdentificationRegisters.Select(RegisterId.System)];

    /// <inheritdoc/>
    public IReadOnlyList<ulong> RegisterIds => core.CompletedMmio.Length == 0
        ? FixedIds
        : [.. FixedIds, .. Enumerable.Range(0, core.CompletedMmio.Length).Select(RegisterId.MmioData)];

    /// <inheritdoc/>
    public IReadOnlyList<ulong> IdentificationIds => FixedIdentificationIds;

    /// <inheritdoc/>
    public bool TryGetOneRegister(ulong id, out UInt128 value)
    {
        CpuState* state = core.State;
        value = default;
        if (RegisterId.TryGetSystem(id, out uint key))
        {
            if (!Core.SavedSystemRegisters.Contains(key))
                return false;
            value = core.ReadSavedSystemRegister(key);
        }
        else if (TryGetX(id, out int number))
        {
            value = state->X[number];
        }
        else if (TryGetV(id, out number))
        {
            value = new UInt128(state->V[(2 * number) + 1], state->V[2 * number]);
        }
        else if (TryGetMmioData(id, out int access))
        {
            value = core.CompletedMmio[access];
        }
        else
        {
            return TryGetNamed(id, out value);
        }

        return true;
    }

    /// <inheritdoc/>
    public bool TrySetOneRegister(ulong id, UInt128 value)
    {
        CpuState* state = core.State;
        if (RegisterId.TryGetSystem(id, out uint key))
            return core.TryWriteSavedSystemRegister(key, (ulong)value);
        if (TryGetX(id, out int number))
        {
            state->X[number] = (ulong)value;
        }
        else if (TryGetV(id, out number))
        {
            state->V[2 * number] = (ulong)value;
            state->V[(2 * number) + 1] = (ulong)(value >> 64);
        }
        else if (TryGetMmioData(id, out int access))
        {
            core.CompletedMmio[access] = (ulong)value;
        }
        else
        {
            return TrySetNamed(id, value);
        }

        return true;
    }

    private bool TryGetNamed(ulong id, out UInt128 value)
    {
        CpuState* state = core.State;
        UInt128? found = id switch
        {
            RegisterId.SpEl0 => GetRegister(VcpuRegister.SpEl0),
            RegisterId.SpEl1 => GetRegister(VcpuRegister.SpEl1),
            RegisterId.Pc => state->Pc,
            RegisterId.Pstate => core.GetPstate(),
            RegisterId.ElrEl1 => state->System.ElrEl1,
            RegisterId.SpsrEl1 => state->System.SpsrEl1,
            RegisterId.Fpsr => state->Fpsr,
            RegisterId.Fpcr => state->Fpcr,
            RegisterId.InstructionsRetired => (UInt128)state->InstructionsRetired,
            RegisterId.AtException => core.IsAtException ? 1u : 0u,
            RegisterId.EventRegister => state->EventRegister,
            RegisterId.ExclusiveSize => (UInt128)core.ExclusiveMonitor.Size,
            RegisterId.ExclusiveAddress => core.ExclusiveMonitor.Address,
            RegisterId.ExclusiveValue => core.ExclusiveMonitor.Value,
            RegisterId.MmioCount => (UInt128)core.CompletedMmio.Length,
            _ => null,
        };
        value = found ?? default;
        return found is not null;
    }

    private bool TrySetNamed(ulong id, UInt128 wide)
    {
        CpuState* state = core.State;
        ulong value = (ulong)wide;
        switch (id)
        {
            case RegisterId.SpEl0:
                SetRegister(VcpuRegister.SpEl0, value);
                return true;
            case RegisterId.SpEl1:
                SetRegister(VcpuRegister.SpEl1, value);
                return true;
            case RegisterId.Pc:
                state->Pc = value;
                return true;
            case RegisterId.Pstate when Core.IsPstate(value):
                core.SetPstate(value);
                return true;
            case RegisterId.ElrEl1:
                state->System.ElrEl1 = value;
                return true;
            case RegisterId.SpsrEl1:
                state->System.SpsrEl1 = (uint)value;
                return true;
            case RegisterId.Fpsr:
                core.RestoreFloatingPointStatus(state->Fpcr, (uint)value);
                return true;
            case RegisterId.Fpcr:
                core.RestoreFloatingPointStatus((uint)value, state->Fpsr);
                return true;
            case RegisterId.InstructionsRetired when value <= MaximumRetired:
                state->InstructionsRetired = (long)value;
                return true;
            case RegisterId.AtException when value <= 1:
                core.IsAtException = value != 0;
                return true;
            case RegisterId.EventRegister when value <= 1:
                state->EventRegister = (byte)value;
                return true;
            case RegisterId.ExclusiveSize when value is 0 or 1 or 2 or 4 or 8 or 16:
                core.ExclusiveMonitor = core.ExclusiveMonitor with { Size = (int)value };
                return true;
            case RegisterId.ExclusiveAddress:
                core.ExclusiveMonitor = core.ExclusiveMonitor with { Address = value };
                return true;
            case RegisterId.ExclusiveValue:
                core.ExclusiveMonitor = core.ExclusiveMonitor with { Value = wide };
                return true;
            case RegisterId.MmioCount when value <= Core.MaximumCompletedMmio:
                core.RestoreCompletedMmio((int)value);
                return true;
            default:
                return false;
        }
    }

    private static bool TryGetX(ulong id, out int number)
    {
        number = (int)((id & 0xFFFF) / 2);
        return number <= 30 && id == RegisterId.X(number);
    }

    private static bool TryGetV(ulong id, out int number)
    {
        number = (int)(((id & 0xFFFF) - (RegisterId.V(0) & 0xFFFF)) / 4);
        return number is >= 0 and <= 31 && id == RegisterId.V(number);
    }

    private bool TryGetMmioData(ulong id, out int access)
    {
        access = (int)((id & 0xFFFF) - (RegisterId.MmioData(0) & 0xFFFF));
        return access >= 0 && access < core.CompletedMmio.Length && id == RegisterId.MmioData(access);
    }
}
