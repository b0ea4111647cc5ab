namespace Meanwhile.Hypervisor;

/// <content>
/// What a guest does about an asynchronous page fault is in no working set before it had one, and on a migration's destination the first comes at once: the
/// kernel would stand still for every page of that way. So once in each window of <see cref="VirtualMachine.TrackWorkingSet"/> it is told of one that was none.
/// </content>
public sealed partial class Vcpu
{
    private bool rehearses;

    // Before each entry into the guest, until one finds it where it can be told.
    private void Rehearse() => rehearses = machine.TracksWorkingSet && machine.FaultHandler is { } handler && !handler.TryRehearse(this);
}
