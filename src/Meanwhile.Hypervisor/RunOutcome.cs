namespace Meanwhile.Hypervisor;

/// <summary>Why a <see cref="VirtualMachine.Run"/> ended.</summary>
public enum RunOutcomeKind
{
    /// <summary>The guest switched itself off (PSCI SYSTEM_OFF).</summary>
    PowerOff,

    /// <summary>The guest asked for a cold reset (PSCI SYSTEM_RESET).</summary>
    ColdReset,

    /// <summary>The guest asked for a warm reset (PSCI SYSTEM_RESET2, architectural).</summary>
    WarmReset,

    /// <summary>The host stopped it; <see cref="VirtualMachine.Run"/> may go on from here.</summary>
    Stopped,

    /// <summary>The machine cannot go on; see <see cref="RunOutcome.Message"/>.</summary>
    Fault,
}

/// <summary>How a run ended.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Message">For a fault: what happened.</param>
/// <param name="Exception">For a fault in the monitor: the exception.</param>
public sealed record RunOutcome(RunOutcomeKind Kind, string? Message = null, Exception? Exception = null);
