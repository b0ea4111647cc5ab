using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64;

/// <content>TLB and instruction cache maintenance, and its broadcast in the Inner Shareable domain.</content>
/// <remarks>
/// A broadcast is queued at every other PE, which performs it at its next block boundary, or before its next run. A DSB waits until the PEs that
/// are running have done so (D8.13.5); one that is not running uses no translation.
/// </remarks>
public sealed unsafe partial class Core
{
    private readonly MaintenanceQueue requests = new();
    private int isRunning;
    private uint yields;

    /// <summary>Performs maintenance on this PE.</summary>
    internal void Maintain(MaintenanceKind kind, ulong operand)
    {
        switch (kind)
        {
            case MaintenanceKind.AllTranslations:
                ForgetAllTranslations();
                break;
            case MaintenanceKind.Address:
                ForgetAddress(operand << 12, lastLevelOnly: false);
                break;
            case MaintenanceKind.LastLevelAddress:
                ForgetAddress(operand << 12, lastLevelOnly: true);
                break;
            case MaintenanceKind.Asid:
                ForgetAsid((uint)(operand >> 48) & ((State->System.TcrEl1 & TcrAs) != 0 ? 0xFFFFu : 0xFFu));
                break;
            case MaintenanceKind.AllCode:
                InvalidateAllCode();
                break;
            case MaintenanceKind.CodePage:
                InvalidateCode(operand);
                break;
        }
    }

    /// <summary>Asks the other PEs of the domain for the same.</summary>
    internal void Broadcast(MaintenanceKind kind, ulong operand)
    {
        if (Memory.Domain is not { } domain)
            return;
        foreach (Core other in domain.Members)
        {
            if (other == this)
                continue;
            other.requests.Post(kind, operand);
            Interlocked.Or(ref other.State->Attention, (int)Attention.Interrupt);
            State->BroadcastSinceBarrier = 1;
        }
    }

    /// <summary>DSB: waits for the running PEs to have done what this one broadcast.</summary>
    internal void CompleteMaintenance()
    {
        if (State->BroadcastSinceBarrier == 0)
            return;
        State->BroadcastSinceBarrier = 0;
        foreach (Core other in Memory.Domain!.Members)
        {
            if (other == this)
                continue;
            // What comes after is not this barrier's.
            long last = other.requests.Posted;
            while (Volatile.Read(ref other.isRunning) != 0 && !other.requests.IsPerformed(last))
            {
                // It may be waiting for this one in the same way.
                PerformRequests();
                Thread.Yield();
            }
        }
    }

    /// <summary>Performs what other PEs have asked for. Between blocks, before a run, and within DSB.</summary>
    internal void PerformRequests()
    {
        foreach ((MaintenanceKind kind, ulong operand) in requests.Take())
            Maintain(kind, operand);
        requests.Complete();
    }

    /// <summary>From here on another PE's DSB waits for this one. The exchange orders it before the look at the queue.</summary>
    private void BeginRun()
    {
        Interlocked.Exchange(ref isRunning, 1);
        PerformRequests();
    }

    private void EndRun() => Volatile.Write(ref isRunning, 0);

    /// <summary>After <see cref="Run"/> threw: no other PE waits for this one any more. It must not run again.</summary>
    public void AbandonRun() => EndRun();

    /// <summary>
    /// YIELD: who spins waits for another PE, whose thread may be waiting for this one's processor of the host. Giving it away each time would
    /// cost more than short waits last.
    /// </summary>
    internal void YieldProcessor()
    {
        const uint Patience = 16;
        if (Memory.Domain is { Members.Length: > 1 } && ++yields % Patience == 0)
            Thread.Yield();
    }

    /// <summary>SEV: sets the event registers of the domain.</summary>
    internal void SendEvent()
    {
        if (Memory.Domain is not { } domain)
            return;
        foreach (Core other in domain.Members)
            Volatile.Write(ref other.State->EventRegister, 1);
    }
}
