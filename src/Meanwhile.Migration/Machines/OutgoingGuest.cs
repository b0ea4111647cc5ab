using Meanwhile.Machine.Board;
using Meanwhile.Memory;
using Meanwhile.Migration.Source;
using Meanwhile.Migration.State;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Machines;

/// <summary>The guest of a <see cref="VirtMachine"/>, leaving it. Its owner runs the machine, and disposes it when the migration is over.</summary>
/// <remarks>
/// On the virtual clock everything happens within its events: a quiesced machine's <see cref="Hypervisor.VirtualMachine.Run"/> must be ended by its
/// owner (<see cref="Quiesced"/>), who then lets the clock go on. On the real clock what might wait is done on a thread of the pool, never on a vCPU's.
/// </remarks>
public sealed class OutgoingGuest : IOutgoingMachine, IOutgoingMemory
{
    private readonly VirtMachine machine;
    private readonly bool isVirtual;
    private readonly Lock gate = new();
    private readonly Stack<PageReader> readers = new();
    private readonly List<Action> held = []; // Reads that came before the dirty log was sharp.
    private bool sharp;

    /// <summary>An adapter for one migration.</summary>
    public OutgoingGuest(VirtMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        this.machine = machine;
        isVirtual = machine.Hypervisor.Clock.IsVirtual;
        PageCount = machine.Ram.Size / GuestRam.PageSize;
    }

    /// <summary>The machine stands still, as the session asked.</summary>
    public event Action? Quiesced;

    /// <summary>The machine may go on: the migration has failed, or was cancelled.</summary>
    public event Action? Continued;

    /// <summary>The guest runs elsewhere.</summary>
    public event Action? HasLeft;

    /// <inheritdoc/>
    public long PageCount { get; }

    /// <inheritdoc/>
    public byte[] Describe() => MachineDescription.Of(machine).ToBytes();

    /// <inheritdoc/>
    public void Quiesce(Action<string?> done) => Away(() =>
    {
        string? failure = null;
        try
        {
            machine.Quiesce();
        }
        catch (InvalidOperationException error)
        {
            failure = error.Message;
        }
        if (failure is null)
            Quiesced?.Invoke();
        done(failure);
    });

    /// <inheritdoc/>
    public byte[] Save() => MachineState.Save(machine);

    /// <inheritdoc/>
    public void Continue()
    {
        machine.Hypervisor.MakeUsable();
        machine.Continue();
        Continued?.Invoke();
    }

    /// <inheritdoc/>
    public void Throttle(int percent) => machine.Hypervisor.Throttle(percent);

    /// <inheritdoc/>
    public void Left()
    {
        machine.Hypervisor.MakeUnusable("its guest runs on the migration's destination.");
        HasLeft?.Invoke();
    }

    /// <inheritdoc/>
    public void StartDirtyLog()
    {
        lock (gate)
            sharp = false;
        machine.Ram.StartDirtyLog();
        // It begins with all pages in it, which are going to be sent anyway. What is read before that round is over may miss a write.
        machine.Ram.CollectDirty(new PageBitmap(PageCount), LogIsSharp);
    }

    /// <inheritdoc/>
    public void StopDirtyLog() => machine.Ram.StopDirtyLog();

    /// <inheritdoc/>
    public void CollectDirty(PageBitmap into, Action done) => machine.Ram.CollectDirty(into, () => Away(done));

    /// <inheritdoc/>
    public void AddKnownZero(PageBitmap into) => machine.Ram.AddUntouched(into);

    /// <inheritdoc/>
    public bool TrackWorkingSet()
    {
        machine.Hypervisor.TrackWorkingSet();
        return true;
    }

    /// <inheritdoc/>
    public long[] WorkingSet() => machine.Hypervisor.WorkingSetPages();

    /// <inheritdoc/>
    // On the virtual clock translating takes no time, and engines must not differ.
    public ulong[] WorkingSetCode() => isVirtual ? [] : machine.Hypervisor.WorkingSetCode(Protocol.MostCode);

    /// <inheritdoc/>
    public void ForgetWorkingSet() => machine.Hypervisor.ForgetWorkingSet();

    /// <inheritdoc/>
    public void ReadPages(PageBatch batch, Action<string?> done)
    {
        lock (gate)
        {
            if (!sharp)
            {
                held.Add(() => ReadPages(batch, done));
                return;
            }
        }
        if (TryCopy(batch))
        {
            done(null);
            return;
        }
        Span<long> pages = stackalloc long[batch.Count];
        for (int index = 0; index < pages.Length; index++)
            pages[index] = batch.Page(index);
        PageReader reader = TakeReader();
        reader.Read(pages, failure =>
        {
            if (failure is null)
                Fill(batch, reader);
            lock (gate)
                readers.Push(reader);
            done(failure);
        });
    }

    // What is not in a swap file or on its way is had at once, without another copy.
    private bool TryCopy(PageBatch batch)
    {
        for (int index = 0; index < batch.Count; index++)
        {
            if (!machine.Ram.TryCopy(batch.Page(index), batch.Content(index), out bool isZero))
                return false;
            batch.SetZero(index, isZero);
        }
        return true;
    }

    private static void Fill(PageBatch batch, PageReader reader)
    {
        for (int index = 0; index < batch.Count; index++)
        {
            batch.SetZero(index, reader.IsZero(index));
            if (!reader.IsZero(index))
                reader.Content(index).CopyTo(batch.Content(index));
        }
    }

    private PageReader TakeReader()
    {
        lock (gate)
            return readers.TryPop(out PageReader? reader) ? reader : new PageReader(machine.Ram);
    }

    private void LogIsSharp()
    {
        Action[] waiting;
        lock (gate)
        {
            sharp = true;
            waiting = [.. held];
            held.Clear();
        }
        foreach (Action read in waiting)
            Away(read);
    }

    private void Away(Action work)
    {
        if (isVirtual)
            work();
        else
            ThreadPool.QueueUserWorkItem(static queued => ((Action)queued!)(), work);
    }
}
