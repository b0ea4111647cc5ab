using Meanwhile.Migration.Destination;

namespace Meanwhile.Cli.Machines.Moves;

/// <summary>A session's guest that comes in: its machine, with its disks.</summary>
/// <param name="session">The session.</param>
/// <param name="machine">The session's machine.</param>
internal sealed class ArrivingGuest(MachineSession session, IIncomingMachine machine) : IIncomingMachine
{
    /// <inheritdoc/>
    public string? DifferenceFrom(ReadOnlySpan<byte> description) => machine.DifferenceFrom(description);

    /// <inheritdoc/>
    public void TranslateAhead(ReadOnlySpan<ulong> code) => machine.TranslateAhead(code);

    /// <inheritdoc/>
    public string? Restore(ReadOnlySpan<byte> state) => machine.Restore(state);

    /// <inheritdoc/>
    public void Run()
    {
        try
        {
            // Not before: until the source has said RUN it may go on itself, and then with its disks.
            session.Machine.TakeDisks();
        }
        catch (IOException error)
        {
            session.Machine.Hypervisor.Fail(error);
        }
        machine.Run();
    }

    /// <inheritdoc/>
    public void AllArrived() => machine.AllArrived();

    /// <inheritdoc/>
    public long[] BlockTimes() => machine.BlockTimes();
}
