using Meanwhile.Arm64.Interpreter;

namespace Meanwhile.Arm64.Exceptions;

/// <summary>How handlers leave with an exception: <c>return Raise.Undefined(state, i);</c>.</summary>
public static unsafe class Raise
{
    /// <summary>Exception class "unknown reason" (EC 0): an UNDEFINED instruction.</summary>
    public static int Undefined(CpuState* state, Insn* i) => Exception(state, i, ExceptionClass.Unknown, 0);

    /// <summary>A synchronous exception with the instruction itself as return address; ESR is EC, IL=1 and <paramref name="iss"/>.</summary>
    public static int Exception(CpuState* state, Insn* i, ExceptionClass ec, uint iss, ulong far = 0)
    {
        state->Pending = new PendingEvent
        {
            Kind = PendingKind.Exception,
            Syndrome = ((ulong)ec << 26) | (1u << 25) | iss,
            VirtualAddress = far,
            ReturnAddress = state->CurrentPc(i),
        };
        return Status.Leave;
    }

    /// <summary>SP alignment fault; see <see cref="CpuState.SpAlignmentMask"/>.</summary>
    public static int SpAlignment(CpuState* state, Insn* i) => Exception(state, i, ExceptionClass.SpAlignment, 0);

    /// <summary>
    /// FP and Advanced SIMD access trap check (CPACR_EL1.FPEN). Every FP/SIMD handler is entered only when this is satisfied: the block
    /// loop's key holds "FP enabled", and blocks bound while it is not have their FP/SIMD instructions bound to this handler.
    /// </summary>
    public static int FpTrap(CpuState* state, Insn* i) => Exception(state, i, ExceptionClass.FpAccess, 0x01E0_0000);
}

/// <summary>ESR_ELx.EC values (DDI0487 D17.2.37).</summary>
public enum ExceptionClass : uint
{
#pragma warning disable CS1591 // The manual's names.
    Unknown = 0x00,
    TrappedWf = 0x01,
    FpAccess = 0x07,
    IllegalState = 0x0E,
    Svc64 = 0x15,
    Hvc64 = 0x16,
    Smc64 = 0x17,
    SystemRegisterTrap = 0x18,
    InstructionAbortLower = 0x20,
    InstructionAbortSame = 0x21,
    PcAlignment = 0x22,
    DataAbortLower = 0x24,
    DataAbortSame = 0x25,
    SpAlignment = 0x26,
    FpException = 0x2C,
    SError = 0x2F,
    BreakpointLower = 0x30,
    BreakpointSame = 0x31,
    SoftwareStepLower = 0x32,
    SoftwareStepSame = 0x33,
    WatchpointLower = 0x34,
    WatchpointSame = 0x35,
    Brk64 = 0x3C,
#pragma warning restore CS1591
}
