using Meanwhile.Arm64.Mmu;
using Meanwhile.Memory;

namespace Meanwhile.Hypervisor;

/// <content>Which pages the guest has used lately, for who moves it.</content>
public sealed partial class VirtualMachine
{
    private WorkingSet? workingSet;

    /// <summary>
    /// Begins to note which pages the vCPUs use, or a further window of that (<see cref="WorkingSet"/>): they forget their translations once, and note
    /// the pages of those that they make from then on. Any thread.
    /// </summary>
    public void TrackWorkingSet()
    {
        if (workingSet is { } under)
            under.BeginWindow();
        else
            SetWorkingSet(new WorkingSet());
        foreach (Vcpu vcpu in Vcpus)
        {
            vcpu.RequestInvalidation(static () => { });
            vcpu.MakeRequest(VcpuRequests.Rehearse);
        }
    }

    /// <summary>Pages are being noted.</summary>
    internal bool TracksWorkingSet => workingSet is not null;

    /// <summary>Stops that, and forgets the pages. Any thread.</summary>
    public void ForgetWorkingSet() => SetWorkingSet(null);

    /// <summary>Pages of RAM that the vCPUs have used, most important first. Any thread.</summary>
    public long[] WorkingSetPages()
    {
        if (workingSet is not { } set)
            return [];
        var pages = new List<long>();
        foreach (ulong address in set.ToArray())
        {
            if (Memory.TryGetOffset(address, GuestRam.PageSize, out long offset))
                pages.Add(offset / GuestRam.PageSize);
        }

        return [.. pages];
    }

    /// <summary>Names of the code that the vCPUs have used meanwhile (<see cref="WorkingSet.Code"/>). Any thread.</summary>
    /// <param name="most">Names at most.</param>
    public ulong[] WorkingSetCode(int most) => workingSet?.Code(most) ?? [];

    private void SetWorkingSet(WorkingSet? set)
    {
        workingSet = set;
        foreach (Vcpu vcpu in Vcpus)
            vcpu.Engine.WorkingSet = set;
    }
}
