using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Cli.Machines;

/// <summary>Why a guest is held.</summary>
[Flags]
internal enum HoldReasons
{
    /// <summary>It is not.</summary>
    None = 0,

    /// <summary>The user stopped it.</summary>
    User = 1,

    /// <summary>Its swap file fails.</summary>
    Swap = 2,
}

/// <summary>
/// Holds a guest while there is any reason to, so that who ends one reason does not let it go on against another. Any thread. A machine that is held
/// still to be saved or moved (<see cref="VirtualMachine.Hold"/>) is another matter: neither undoes the other. That its user stopped it moves with the guest.
/// </summary>
/// <param name="machine">The machine.</param>
internal sealed class MachineHold(VirtualMachine machine) : IStateSection
{
    private readonly Lock gate = new();
    private volatile HoldReasons reasons;

    /// <summary>Told, with nothing locked for it to wait on, when the first reason came (true) or the last one went (false).</summary>
    public event Action<bool>? Changed;

    /// <inheritdoc/>
    public string SectionName => "hold";

    /// <inheritdoc/>
    public int SectionVersion => 1;

    /// <summary>All reasons now.</summary>
    public HoldReasons Reasons => reasons;

    /// <summary>Holds the guest, and returns when its vCPUs are between two instructions.</summary>
    public void Hold(HoldReasons reason)
    {
        lock (gate)
        {
            bool wasHeld = reasons != HoldReasons.None;
            reasons |= reason;
            machine.Pause();
            if (!wasHeld)
                Changed?.Invoke(true);
        }
    }

    /// <summary>Ends a reason; the guest goes on when there is no other.</summary>
    public void Release(HoldReasons reason)
    {
        lock (gate)
        {
            if (reasons == HoldReasons.None)
                return;
            reasons &= ~reason;
            if (reasons != HoldReasons.None)
                return;
            // First, so that nothing the guest does is told of before it.
            Changed?.Invoke(false);
            machine.Resume();
        }
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer) => writer.WriteBoolean((reasons & HoldReasons.User) != 0);

    /// <inheritdoc/>
    public void Restore(StateReader reader, int version)
    {
        if (reader.ReadBoolean())
            Hold(HoldReasons.User);
    }
}
