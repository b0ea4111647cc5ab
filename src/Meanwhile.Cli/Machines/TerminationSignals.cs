using System.Runtime.InteropServices;

namespace Meanwhile.Cli.Machines;

/// <summary>SIGTERM, SIGHUP and SIGINT stop the guest, so that the terminal and the files are left in order.</summary>
internal sealed class TerminationSignals : IDisposable
{
    // POSIX shells: the status of a process that a signal ended is 128 and its number.
    private const int SignalStatus = 128;

    private static readonly (PosixSignal Signal, int Number)[] Signals =
        [(PosixSignal.SIGHUP, 1), (PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, 15)];

    private readonly List<PosixSignalRegistration> registrations = [];
    private volatile int status;

    /// <summary>Begins to listen.</summary>
    /// <param name="stop">Stops the guest.</param>
    public TerminationSignals(Action stop)
    {
        foreach ((PosixSignal signal, int number) in Signals)
        {
            registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                status = SignalStatus + number;
                stop();
            }));
        }
    }

    /// <summary>Has a signal end this process in order, so that what waits for that (<see cref="AppDomain.ProcessExit"/>) is done: by themselves signals end it at once.</summary>
    public static TerminationSignals EndInOrder()
    {
        TerminationSignals? signals = null;
        return signals = new TerminationSignals(() => Environment.Exit(signals?.ExitStatus ?? SignalStatus));
    }

    /// <summary>The exit status that the signal asks for; null when none came.</summary>
    public int? ExitStatus => status == 0 ? null : status;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations)
            registration.Dispose();
    }
}
