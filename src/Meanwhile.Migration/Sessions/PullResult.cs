namespace Meanwhile.Migration.Sessions;

/// <summary>What <see cref="Connection.Pull"/> found.</summary>
public enum PullKind
{
    /// <summary>Nothing for now: <see cref="Connection.Wake"/> tells when to ask again.</summary>
    Idle = 1,

    /// <summary>A frame was written.</summary>
    Frame,

    /// <summary>Nothing before some nanoseconds have passed (<see cref="PullResult.Delay"/>), unless <see cref="Connection.Wake"/> comes first.</summary>
    Wait,

    /// <summary>Nothing any more: close the connection.</summary>
    End,
}

/// <summary>What <see cref="Connection.Pull"/> found.</summary>
/// <param name="Kind">Which case.</param>
/// <param name="Delay">Nanoseconds, of <see cref="PullKind.Wait"/>.</param>
public readonly record struct PullResult(PullKind Kind, long Delay = 0);
