using Meanwhile.Cli.Monitor;

namespace Meanwhile.Cli.Tests.Monitor;

/// <summary>A machine of which a test says what it does.</summary>
internal sealed class FakeMachine : IMachineControl
{
    public event Action<MachineEvent>? Happened;

    public RunState State { get; set; } = RunState.Running;

    public IReadOnlyList<VcpuInformation> Vcpus { get; set; } = [new(0, 101, null), new(1, 102, null)];

    public long MemorySize => 64 << 20;

    public void Stop()
    {
        if (State != RunState.Running)
            return;
        State = RunState.Paused;
        Happen(new MachineEvent.Stopped());
    }

    public void Continue()
    {
        if (State == RunState.Running)
            return;
        State = RunState.Running;
        Happen(new MachineEvent.Resumed());
    }

    public void Reset() => Happen(new MachineEvent.Reset(ShutdownCause.SystemReset));

    public void PowerDown() => Happen(new MachineEvent.PowerDown());

    public void Quit()
    {
        State = RunState.Shutdown;
        Happen(new MachineEvent.Shutdown(ShutdownCause.Quit));
    }

    public void Happen(MachineEvent what) => Happened?.Invoke(what);
}
