namespace Meanwhile.Cli.Monitor;

/// <summary>What a machine is doing: QAPI's RunState, as far as it can be here.</summary>
internal enum RunState
{
    /// <summary>Made, and not run yet.</summary>
    Prelaunch,

    /// <summary>Waits for a guest to come in.</summary>
    InMigrate,

    /// <summary>Runs.</summary>
    Running,

    /// <summary>The user stopped it.</summary>
    Paused,

    /// <summary>Held because its swap file fails.</summary>
    IoError,

    /// <summary>Held while it is saved.</summary>
    SaveVm,

    /// <summary>The guest is stopped here while the last of it leaves.</summary>
    FinishMigrate,

    /// <summary>The guest runs elsewhere.</summary>
    PostMigrate,

    /// <summary>The guest has ended.</summary>
    Shutdown,
}

/// <summary>The names of run states.</summary>
internal static class RunStateNames
{
    /// <summary>As <c>query-status</c> gives it.</summary>
    public static string Name(this RunState state) => state switch
    {
        RunState.Prelaunch => "prelaunch",
        RunState.InMigrate => "inmigrate",
        RunState.Running => "running",
        RunState.Paused => "paused",
        RunState.IoError => "io-error",
        RunState.SaveVm => "save-vm",
        RunState.FinishMigrate => "finish-migrate",
        RunState.PostMigrate => "postmigrate",
        RunState.Shutdown => "shutdown",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
