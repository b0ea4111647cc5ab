namespace Meanwhile.Hypervisor.Arm64.Sdei;

/// <summary>SDEI function ids, 64-bit calls (DEN0054 5.1).</summary>
internal enum SdeiFunction : uint
{
    Version = 0xC400_0020,
    EventRegister = 0xC400_0021,
    EventEnable = 0xC400_0022,
    EventDisable = 0xC400_0023,
    EventContext = 0xC400_0024,
    EventComplete = 0xC400_0025,
    EventCompleteAndResume = 0xC400_0026,
    EventUnregister = 0xC400_0027,
    EventStatus = 0xC400_0028,
    EventGetInfo = 0xC400_0029,
    EventRoutingSet = 0xC400_002A,
    PeMask = 0xC400_002B,
    PeUnmask = 0xC400_002C,
    InterruptBind = 0xC400_002D,
    InterruptRelease = 0xC400_002E,
    EventSignal = 0xC400_002F,
    Features = 0xC400_0030,
    PrivateReset = 0xC400_0031,
    SharedReset = 0xC400_0032,
}

/// <summary>SDEI return codes (DEN0054 5.2).</summary>
internal static class SdeiStatus
{
    public const long Success = 0;
    public const long NotSupported = -1;
    public const long InvalidParameters = -2;
    public const long Denied = -3;
    public const long Pending = -5;
    public const long OutOfResource = -10;
}

/// <summary>How urgent an event is (DEN0054 4.3.1).</summary>
public enum SdeiPriority
{
    /// <summary>Preempted by critical events, never by another normal one.</summary>
    Normal = 0,

    /// <summary>Preempts a normal event.</summary>
    Critical = 1,
}

/// <summary>Whether an event could be delivered, and what stands in its way.</summary>
public enum SdeiDeliverability
{
    /// <summary>Nothing does.</summary>
    Deliverable,

    /// <summary>It is not registered, or not enabled.</summary>
    NotEnabled,

    /// <summary>The PE is masked.</summary>
    Masked,

    /// <summary>A handler runs on the PE.</summary>
    HandlerRunning,
}
