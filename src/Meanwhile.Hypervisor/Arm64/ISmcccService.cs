using Meanwhile.Hypervisor.Engines;

namespace Meanwhile.Hypervisor.Arm64;

/// <summary>
/// A hypercall service on the SMCCC bus: it owns ranges of function ids (DEN0028 section 6) and answers the calls in them.
/// PSCI, SDEI, the vendor hypervisor service and TRNG are each one.
/// </summary>
public interface ISmcccService
{
    /// <summary>True when <paramref name="functionId"/> (the 32-bit W0) belongs to this service.</summary>
    bool Owns(uint functionId);

    /// <summary>
    /// Answers a call by writing result registers through <paramref name="call"/>. What it does not write keeps SMCCC's default:
    /// X0 = NOT_SUPPORTED (-1), X1..X3 unchanged.
    /// </summary>
    void Handle(ref SmcccCall call);
}

/// <summary>One HVC call. 32-bit calls (bit 30 of the id clear) see zero-extended arguments and give zero-extended results.</summary>
public readonly ref struct SmcccCall(IVcpuEngine engine, int vcpuIndex)
{
    /// <summary>Result: the function is not implemented (DEN0028 5.1).</summary>
    public const long NotSupported = -1;

    /// <summary>The calling vCPU's engine, for services that change more than results (PSCI, SDEI).</summary>
    public IVcpuEngine Engine { get; } = engine;

    /// <summary>The calling vCPU.</summary>
    public int VcpuIndex { get; } = vcpuIndex;

    /// <summary>W0: the function id.</summary>
    public uint FunctionId { get; } = (uint)engine.GetRegister(VcpuRegister.X0);

    /// <summary>True for an SMC64/HVC64 call.</summary>
    public bool Is64Bit => (FunctionId & 0x4000_0000) != 0;

    /// <summary>Argument register <paramref name="index"/> (1..17) as the convention passes it.</summary>
    public ulong Argument(int index)
    {
        ulong value = Engine.GetRegister(VcpuRegister.X0 + index);
        return Is64Bit ? value : (uint)value;
    }

    /// <summary>Writes result register <paramref name="index"/> (0..3); a 32-bit call's result is written as W register.</summary>
    public void SetResult(int index, long value) => Engine.SetRegister(VcpuRegister.X0 + index, Is64Bit ? (ulong)value : (uint)value);
}
