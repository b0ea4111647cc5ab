using Meanwhile.Hypervisor.Clocks;

namespace Meanwhile.Machine.Tests.Fakes;

/// <summary>A work queue that runs when the test says so, on the test's thread.</summary>
public sealed class FakeWorkQueue : IWorkQueue
{
    private readonly Queue<Action> items = new();

    public int Waiting => items.Count;

    public void Post(Action work) => items.Enqueue(work);

    public void Run()
    {
        while (items.TryDequeue(out Action? item))
            item();
    }
}
