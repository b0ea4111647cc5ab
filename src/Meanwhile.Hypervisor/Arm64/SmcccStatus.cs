namespace Meanwhile.Hypervisor.Arm64;

/// <summary>Return codes of the SMC Calling Convention (DEN0028 5.1, 7.1).</summary>
internal static class SmcccStatus
{
    /// <summary>Done.</summary>
    public const long Success = 0;

    /// <summary>The function is not implemented.</summary>
    public const long NotSupported = -1;

    /// <summary>It is in that state already.</summary>
    public const long NotRequired = -2;

    /// <summary>An argument is not valid.</summary>
    public const long InvalidParameter = -3;
}
