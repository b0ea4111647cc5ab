namespace Meanwhile.Hypervisor.Arm64;

/// <summary>Arm Architecture Calls (DEN0028 7): SMCCC 1.2, and the answers to "is this PE affected" of the workaround calls.</summary>
internal sealed class ArchitectureService : ISmcccService
{
    private const uint Version = 0x8000_0000;
    private const uint Features = 0x8000_0001;
    private const uint Workaround1 = 0x8000_8000;
    private const uint Workaround2 = 0x8000_7FFF;
    private const uint Workaround3 = 0x8000_3FFF;

    public bool Owns(uint functionId) => (functionId & 0xBFFF_0000) == 0x8000_0000;

    public void Handle(ref SmcccCall call)
    {
        switch (call.FunctionId)
        {
            case Version:
                call.SetResult(0, 0x1_0002);
                break;
            case Features:
                call.SetResult(0, Feature((uint)call.Argument(1)));
                break;
            case Workaround1 or Workaround2 or Workaround3:
                // No effect and no error where they are not needed. They return nothing, but X0 must not look like an error.
                call.SetResult(0, 0);
                break;
        }
    }

    private static long Feature(uint functionId) => functionId switch
    {
        Version or Features => 0,
        // 7.4 to 7.6: 1 = the call is there and this PE does not need it. A software core speculates nothing.
        Workaround1 or Workaround2 or Workaround3 => 1,
        _ => SmcccCall.NotSupported,
    };
}
