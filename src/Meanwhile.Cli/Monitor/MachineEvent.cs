namespace Meanwhile.Cli.Monitor;

/// <summary>Why a machine ended or was reset: QAPI's ShutdownCause.</summary>
/// <param name="Reason">As events give it.</param>
/// <param name="IsGuest">The guest asked for it.</param>
internal sealed record ShutdownCause(string Reason, bool IsGuest = false)
{
    /// <summary>The command <c>quit</c>.</summary>
    public static ShutdownCause Quit { get; } = new("host-qmp-quit");

    /// <summary>The command <c>system_reset</c>.</summary>
    public static ShutdownCause SystemReset { get; } = new("host-qmp-system-reset");

    /// <summary>A signal.</summary>
    public static ShutdownCause Signal { get; } = new("host-signal");

    /// <summary>The user left the console.</summary>
    public static ShutdownCause Console { get; } = new("host-ui");

    /// <summary>The machine failed.</summary>
    public static ShutdownCause Error { get; } = new("host-error");

    /// <summary>The guest switched itself off.</summary>
    public static ShutdownCause GuestShutdown { get; } = new("guest-shutdown", IsGuest: true);

    /// <summary>The guest asked for a reset.</summary>
    public static ShutdownCause GuestReset { get; } = new("guest-reset", IsGuest: true);

    /// <summary>The guest panicked.</summary>
    public static ShutdownCause GuestPanic { get; } = new("guest-panic", IsGuest: true);
}

/// <summary>What happened to a machine.</summary>
internal abstract record MachineEvent
{
    /// <summary>The guest was stopped.</summary>
    public sealed record Stopped : MachineEvent;

    /// <summary>The guest goes on.</summary>
    public sealed record Resumed : MachineEvent;

    /// <summary>The power button was pressed.</summary>
    public sealed record PowerDown : MachineEvent;

    /// <summary>The machine boots again.</summary>
    public sealed record Reset(ShutdownCause Cause) : MachineEvent;

    /// <summary>The machine ends.</summary>
    public sealed record Shutdown(ShutdownCause Cause) : MachineEvent;
}
