using Meanwhile.Migration.Source;

namespace Meanwhile.Cli.Machines.Moves;

/// <summary>A session's guest that leaves: its machine, with what a session has besides, its disks and its way from boot to boot.</summary>
/// <param name="session">The session.</param>
/// <param name="machine">The session's machine.</param>
internal sealed class DepartingGuest(MachineSession session, IOutgoingMachine machine) : IOutgoingMachine
{
    /// <inheritdoc/>
    public byte[] Describe() => machine.Describe();

    /// <inheritdoc/>
    public void Quiesce(Action<string?> done) => done(session.QuiesceGuest(HoldStill, GoOn));

    /// <inheritdoc/>
    public byte[] Save() => machine.Save();

    /// <inheritdoc/>
    public void Continue()
    {
        GoOn();
        session.GuestGoesOn();
    }

    /// <inheritdoc/>
    public void Throttle(int percent) => machine.Throttle(percent);

    /// <inheritdoc/>
    public void Left() => machine.Left();

    private void GoOn()
    {
        try
        {
            session.Machine.TakeDisks();
        }
        catch (IOException error)
        {
            // Without its disks it must not go on, and elsewhere it never will.
            session.Machine.Hypervisor.Fail(error);
        }
        machine.Continue();
    }

    private string? HoldStill()
    {
        using var ended = new ManualResetEventSlim();
        string? failure = null;
        machine.Quiesce(reason =>
        {
            failure = reason;
            ended.Set();
        });
        ended.Wait();
        if (failure is not null)
            return failure;
        try
        {
            // Before the state leaves: who takes the guest finds on the disks all that it wrote.
            session.Machine.HandOverDisks();
            return null;
        }
        catch (IOException error)
        {
            machine.Continue();
            return error.Message;
        }
    }
}
