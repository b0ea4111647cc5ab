namespace Meanwhile.Arm64.SystemRegisters;

/// <summary>
/// System registers that the core does not own: the GIC CPU interface (ICC_*) and the generic timer (CNT*).
/// Called on the core's own thread in the middle of a run, with <see cref="CpuState.InstructionsRetired"/> exact.
/// </summary>
public interface ISystemRegisterBus
{
    /// <summary>Reads a register; false when there is no such register (the guest gets an UNDEFINED exception).</summary>
    /// <param name="register">Key made by <see cref="SystemRegister.Key"/>.</param>
    /// <param name="exceptionLevel">0 or 1: who reads.</param>
    /// <param name="value">What it reads as.</param>
    bool TryRead(uint register, int exceptionLevel, out ulong value);

    /// <summary>Writes a register; false when there is no such register or it is read-only.</summary>
    bool TryWrite(uint register, int exceptionLevel, ulong value);
}
