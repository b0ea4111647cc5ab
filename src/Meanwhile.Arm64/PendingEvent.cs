namespace Meanwhile.Arm64;

/// <summary>What ends a run of guest instructions from inside.</summary>
public enum PendingKind : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A synchronous exception to be taken to EL1; <see cref="PendingEvent.Syndrome"/> is the whole ESR_EL1 value.</summary>
    Exception,

    /// <summary>HVC was executed at EL1; PC is the next instruction. Immediate in <see cref="PendingEvent.Data"/>.</summary>
    Hypercall,

    /// <summary>SMC was executed at EL1; PC is the next instruction. Immediate in <see cref="PendingEvent.Data"/>.</summary>
    SecureMonitorCall,

    /// <summary>WFI was executed and no interrupt is pending; PC is the next instruction.</summary>
    WaitForInterrupt,

    /// <summary>WFE was executed and the event register was clear; PC is the next instruction.</summary>
    WaitForEvent,

    /// <summary>An access to a physical address that is a device's. PC is the accessing instruction, which runs again after <see cref="Core.CompleteMmio"/>.</summary>
    Mmio,

    /// <summary>An access to RAM that is not resident. PC is the accessing instruction, which runs again.</summary>
    StageTwoFault,
}

/// <summary>How memory is accessed.</summary>
public enum AccessKind : byte
{
    /// <summary>Data read.</summary>
    Read,

    /// <summary>Data write, also the write half of an atomic.</summary>
    Write,

    /// <summary>Instruction fetch.</summary>
    Execute,
}

/// <summary>The event a handler leaves behind before it returns <see cref="Interpreter.Status.Leave"/>.</summary>
public struct PendingEvent
{
    /// <summary>What it is.</summary>
    public PendingKind Kind;

    /// <summary>For MMIO and stage-2 faults: how the guest accessed memory.</summary>
    public AccessKind Access;

    /// <summary>For MMIO: size of the access in bytes, 1, 2, 4 or 8.</summary>
    public byte Size;

    /// <summary>For stage-2 faults: the faulting access is a read or update of a stage-1 translation table entry.</summary>
    public bool DuringTableWalk;

    /// <summary>ESR_EL1 for exceptions.</summary>
    public ulong Syndrome;

    /// <summary>FAR_EL1 for aborts; the virtual address for stage-2 faults and MMIO.</summary>
    public ulong VirtualAddress;

    /// <summary>Guest-physical address for MMIO and stage-2 faults.</summary>
    public ulong PhysicalAddress;

    /// <summary>Data written by MMIO; immediate of HVC and SMC.</summary>
    public ulong Data;

    /// <summary>For exceptions: the preferred return address, when it is not the instruction itself (SVC: the next one).</summary>
    public ulong ReturnAddress;
}
