namespace Meanwhile.Hypervisor.Arm64;

/// <summary>The True Random Number Generator firmware interface, version 1.0 (DEN0098).</summary>
internal sealed class Trng(IEntropySource entropy) : ISmcccService
{
    private const uint Version = 0x8400_0050;
    private const uint Features = 0x8400_0051;
    private const uint GetUuid = 0x8400_0052;
    private const uint Random32 = 0x8400_0053;
    private const uint Random64 = 0xC400_0053;
    private const long InvalidParameters = -2;

    // Identifies this back end (DEN0098 2.3); made for it.
    private static readonly uint[] Uuid = [0x4d65_616e, 0x7768_494c, 0xa5d1_1e5a, 0x0c0f_fee1];

    public bool Owns(uint functionId) => (functionId & 0xBFFF_FFF0) == 0x8400_0050;

    public void Handle(ref SmcccCall call)
    {
        switch (call.FunctionId)
        {
            case Version:
                call.SetResult(0, 0x1_0000);
                break;
            case Features:
                call.SetResult(0, (uint)call.Argument(1) is Version or Features or GetUuid or Random32 or Random64 ? 0 : SmcccCall.NotSupported);
                break;
            case GetUuid:
                for (int index = 0; index < Uuid.Length; index++)
                    call.SetResult(index, Uuid[index]);
                break;
            case Random32:
                Generate(ref call, 32);
                break;
            case Random64:
                Generate(ref call, 64);
                break;
        }
    }

    /// <summary>DEN0098 2.4: the bits stand at the low end of registers 1 to 3, of which 3 is the least significant; the rest is zero.</summary>
    private void Generate(ref SmcccCall call, int width)
    {
        ulong bits = call.Argument(1);
        if (bits == 0 || bits > (ulong)(3 * width))
        {
            call.SetResult(0, InvalidParameters);
            return;
        }

        int left = (int)bits;
        for (int register = 3; register >= 1; register--)
        {
            int take = Math.Clamp(left, 0, width);
            ulong value = take == 0 ? 0 : entropy.NextUInt64() >> (64 - take);
            call.SetResult(register, (long)value);
            left -= take;
        }

        call.SetResult(0, 0);
    }
}
