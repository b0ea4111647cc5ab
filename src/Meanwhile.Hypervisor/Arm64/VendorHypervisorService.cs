namespace Meanwhile.Hypervisor.Arm64;

/// <summary>Answers one function of the vendor-specific hypervisor service.</summary>
public delegate void VendorFunction(ref SmcccCall call);

/// <summary>
/// The vendor-specific hypervisor service as KVM's guests know it: a UID, a bitmap of features, and function 0x86000000 + n for feature
/// bit n.
/// </summary>
public sealed class VendorHypervisorService : ISmcccService
{
    private const uint FirstFunction = 0x8600_0000;
    private const uint Uid = 0x8600_FF01;

    // UID 28b46fb6-2ec5-11e9-a9ca-4b564d003a74, as four registers (DEN0028 6.2).
    private static readonly uint[] UidWords = [0xb66f_b428, 0xe911_c52e, 0x564b_caa9, 0x743a_004d];

    private readonly VendorFunction?[] functions = new VendorFunction?[32];

    /// <summary>Adds feature <paramref name="bit"/>, called as 0x86000000 + bit. Before the machine runs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in 1..31 (bit 0 is the bitmap itself).</exception>
    public void Add(int bit, VendorFunction function)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bit, 31);
        functions[bit] = function;
    }

    /// <inheritdoc/>
    public bool Owns(uint functionId) => (functionId & 0xBFFF_0000) == FirstFunction;

    /// <inheritdoc/>
    public void Handle(ref SmcccCall call)
    {
        if (call.FunctionId == Uid)
        {
            for (int index = 0; index < UidWords.Length; index++)
                call.SetResult(index, UidWords[index]);
        }
        else if (call.FunctionId == FirstFunction)
        {
            uint bitmap = 1;
            for (int bit = 1; bit < functions.Length; bit++)
                bitmap |= functions[bit] is null ? 0 : 1u << bit;
            call.SetResult(0, bitmap);
            // 128 bits in four registers, of which the upper 96 have no meaning yet.
            for (int index = 1; index < 4; index++)
                call.SetResult(index, 0);
        }
        else if (call.FunctionId - FirstFunction < (uint)functions.Length)
        {
            functions[call.FunctionId - FirstFunction]?.Invoke(ref call);
        }
    }
}
