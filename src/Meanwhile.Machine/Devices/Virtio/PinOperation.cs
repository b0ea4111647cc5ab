using System.Runtime.CompilerServices;
using Meanwhile.Hypervisor.Devices;

namespace Meanwhile.Machine.Devices.Virtio;

/// <summary>
/// Awaits a pin. When the range is resident the awaiter goes on at once, otherwise on the device's work queue. It is not a <see
/// cref="Task"/>
/// because no synchronization context or thread pool may come between: on the virtual clock the order of everything is part of the result.
/// </summary>
internal sealed class PinOperation(Action<Action> post) : ICriticalNotifyCompletion
{
    private static readonly Action Completed = static () => { };

    private Action? continuation;
    private PinnedMemory? pin;

    public bool IsCompleted => ReferenceEquals(Volatile.Read(ref continuation), Completed);

    public PinOperation GetAwaiter() => this;

    public PinnedMemory GetResult() => pin!;

    /// <summary>The pin is there. Any thread.</summary>
    public void Complete(PinnedMemory pin)
    {
        this.pin = pin;
        if (Interlocked.Exchange(ref this.continuation, Completed) is { } continuation)
            post(continuation);
    }

    public void OnCompleted(Action continuation)
    {
        if (Interlocked.CompareExchange(ref this.continuation, continuation, null) is not null)
            post(continuation);
    }

    public void UnsafeOnCompleted(Action continuation) => OnCompleted(continuation);
}
