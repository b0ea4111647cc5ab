namespace Meanwhile.Hypervisor.AsyncPageFaults;

/// <summary>What was done about one memory fault, and when the vCPU waited for the page: why the guest could not be told instead.</summary>
public enum AsyncPageFaultDecision
{
    /// <summary>The guest is told: page-not-present now, page-ready later.</summary>
    Notified,

    /// <summary>The page could be made resident at once; the access is repeated.</summary>
    ResidentAtOnce,

    /// <summary>Waited: the guest has not enabled async page faults on this vCPU.</summary>
    NotEnabled,

    /// <summary>Waited: the fault was taken at a privileged level and the guest did not ask for notifications there.</summary>
    Privileged,

    /// <summary>Waited: the page-not-present event is not registered, or not enabled.</summary>
    EventNotEnabled,

    /// <summary>Waited: the processing element is masked for events.</summary>
    EventsMasked,

    /// <summary>Waited: the handler of an event is running.</summary>
    EventRunning,

    /// <summary>Waited: the guest has not yet taken the previous token out of the shared block.</summary>
    BlockBusy,

    /// <summary>Waited: the vCPU has as many outstanding faults as it may have.</summary>
    TableFull,

    /// <summary>Waited: the vCPU was told of a fault on the same page already.</summary>
    AlreadyOutstanding,

    /// <summary>Waited: the fault was taken by a stage-1 table walk that the guest cannot repeat.</summary>
    TableWalk,
}
