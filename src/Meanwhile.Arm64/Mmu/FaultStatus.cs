namespace Meanwhile.Arm64.Mmu;

/// <summary>Fault status codes of ESR_ELx.DFSC and IFSC, and PAR_EL1.FST (DDI0487 D17.2.37); those with a level take it in bits 1..0.</summary>
internal static class FaultStatus
{
    /// <summary>No fault.</summary>
    public const int None = -1;

    /// <summary>A translation table entry stands in RAM that is not resident: not a fault of the guest's, but a stage-2 exit.</summary>
    public const int TableNotPresent = -2;

    public const int AddressSize = 0b000000;
    public const int Translation = 0b000100;
    public const int AccessFlag = 0b001000;
    public const int Permission = 0b001100;
    public const int ExternalAbort = 0b010000;
    public const int ExternalAbortOnWalk = 0b010100;
    public const int Alignment = 0b100001;
    public const int Debug = 0b100010;
    public const int UnsupportedAtomic = 0b110101;
}
