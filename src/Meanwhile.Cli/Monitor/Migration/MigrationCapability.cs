namespace Meanwhile.Cli.Monitor.Migration;

/// <summary>What can be switched on and off: QAPI's MigrationCapability, as far as it is known here.</summary>
internal enum MigrationCapability
{
    /// <summary>Hold the guest's vCPUs back when its memory changes faster than it can be sent.</summary>
    AutoConverge,

    /// <summary>Tell clients of each change of state.</summary>
    Events,

    /// <summary>The guest may move before its memory.</summary>
    PostcopyRam,

    /// <summary>Pages that are asked for go over a connection of their own.</summary>
    PostcopyPreempt,

    /// <summary>Measure how long vCPUs wait for pages.</summary>
    PostcopyBlocktime,

    /// <summary>Send pages over several connections.</summary>
    Multifd,

    /// <summary>The destination answers.</summary>
    ReturnPath,
}

/// <summary>The names of capabilities.</summary>
internal static class MigrationCapabilityNames
{
    // What QEMU 10 has besides: to be told from a slip of the pen, and to be switched off without complaint.
    private static readonly HashSet<string> Foreign =
    [
        "xbzrle", "rdma-pin-all", "zero-blocks", "x-colo", "release-ram", "pause-before-switchover", "dirty-bitmaps", "late-block-activate", "x-ignore-shared",
        "validate-uuid", "background-snapshot", "zero-copy-send", "switchover-ack", "dirty-limit", "mapped-ram",
    ];

    /// <summary>As clients name it.</summary>
    public static string Name(this MigrationCapability capability) => capability switch
    {
        MigrationCapability.AutoConverge => "auto-converge",
        MigrationCapability.Events => "events",
        MigrationCapability.PostcopyRam => "postcopy-ram",
        MigrationCapability.PostcopyPreempt => "postcopy-preempt",
        MigrationCapability.PostcopyBlocktime => "postcopy-blocktime",
        MigrationCapability.Multifd => "multifd",
        MigrationCapability.ReturnPath => "return-path",
        _ => throw new ArgumentOutOfRangeException(nameof(capability), capability, null),
    };

    /// <summary>The capability of this name; null: there is none here.</summary>
    public static MigrationCapability? Find(string name)
    {
        foreach (MigrationCapability capability in Enum.GetValues<MigrationCapability>())
        {
            if (capability.Name() == name)
                return capability;
        }
        return null;
    }

    /// <summary>QEMU has it, and we do not.</summary>
    public static bool IsForeign(string name) => Foreign.Contains(name);
}
