using Meanwhile.Hypervisor;
using Meanwhile.Memory;

namespace Meanwhile.Cli.Machines;

/// <summary>
/// Holds the guest while its swap file fails, most often because the file system below it is full, and tries again about every second of
/// the host's time until it works. The guest loses nothing: pages that cannot be written stay resident.
/// </summary>
internal sealed class SwapRetry : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly GuestRam ram;
    private readonly VirtualMachine machine;
    private readonly MachineHold hold;
    private readonly Action<string> report;
    private readonly string advice;
    private readonly SemaphoreSlim failures = new(0);
    private readonly CancellationTokenSource ending = new();
    private readonly Thread thread;
    private volatile string? failure;

    private SwapRetry(GuestRam ram, VirtualMachine machine, MachineHold hold, Action<string> report, string advice)
    {
        this.ram = ram;
        this.machine = machine;
        this.hold = hold;
        this.report = report;
        this.advice = advice;
        ram.Stalled += OnStalled;
        thread = new Thread(Watch) { IsBackground = true, Name = "swap retry" };
        thread.Start();
    }

    /// <summary>Starts to watch a machine's memory.</summary>
    /// <param name="ram">Its memory.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="hold">Holds it.</param>
    /// <param name="report">Takes lines for the user.</param>
    /// <param name="advice">What the user may do.</param>
    public static SwapRetry Attach(
        GuestRam ram, VirtualMachine machine, MachineHold hold, Action<string> report, string advice = "make room for the file") =>
        new(ram, machine, hold, report, advice);

    /// <summary>Ends the watch; a guest that is held stays so.</summary>
    public void Dispose()
    {
        ram.Stalled -= OnStalled;
        ending.Cancel();
        thread.Join();
        ending.Dispose();
        failures.Dispose();
    }

    // On any thread, also a vCPU's: the work is the watching thread's.
    private void OnStalled(string message)
    {
        failure = message;
        failures.Release();
    }

    private void Watch()
    {
        try
        {
            while (true)
            {
                failures.Wait(ending.Token);
                hold.Hold(HoldReasons.Swap);
                report($"{failure?.TrimEnd('.')}; the guest is paused until that works ({advice}; tried again every second)");
                do
                {
                    ending.Token.WaitHandle.WaitOne(Interval);
                    ending.Token.ThrowIfCancellationRequested();
                    // Both: on the virtual clock only running vCPUs bring an operation to its end.
                    ram.Resume();
                    hold.Release(HoldReasons.Swap);
                }
                while (FailsAgain());
                report("the guest goes on");
            }
        }
        catch (OperationCanceledException)
        {
            // The session ends.
        }
        catch (Exception exception)
        {
            machine.Fail(exception);
        }
    }

    private bool FailsAgain()
    {
        // A store that is known to be full is not written again, and so does not fail again, before it is asked to.
        if (!failures.Wait(Interval, ending.Token) && !ram.IsStalled)
            return false;
        hold.Hold(HoldReasons.Swap);
        return true;
    }
}
