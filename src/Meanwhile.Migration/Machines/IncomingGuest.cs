using Meanwhile.Arm64.Mmu;
using Meanwhile.Hypervisor.State;
using Meanwhile.Machine.Board;
using Meanwhile.Memory;
using Meanwhile.Memory.Sources;
using Meanwhile.Migration.Destination;
using Meanwhile.Migration.State;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Machines;

/// <summary>
/// A <see cref="VirtMachine"/> that takes a guest. It was made with <see cref="MakePages"/> as its RAM's origin, and has not booted and never does: its
/// owner runs it when the guest is there.
/// </summary>
public sealed class IncomingGuest : IIncomingMachine, IIncomingMemory
{
    // Pages that wait for a frame, with no more room for others. A frame of pages that was on its way is taken nevertheless.
    private const int MostWaiting = 128;
    private const int OnTheirWay = 4096;

    private readonly VirtMachine machine;
    private readonly ArrivingPages arriving;
    private readonly Action run;
    private readonly PageBitmap absent;
    private readonly Lock gate = new();
    private readonly Dictionary<long, byte[]> unwritten = []; // Before the guest runs: content for which there is no frame yet.
    private readonly HashSet<long> translated = []; // Pages with code that was translated ahead, as long as they have the content of then.
    private Action<string?>? settled;

    /// <summary>An adapter for one migration.</summary>
    /// <param name="machine">As its source's, but with <paramref name="arriving"/> as origin of its RAM.</param>
    /// <param name="arriving">See <see cref="MakePages"/>.</param>
    /// <param name="run">The guest is there and may run: makes its owner call <see cref="Hypervisor.VirtualMachine.Run"/>. Must not wait.</param>
    public IncomingGuest(VirtMachine machine, ArrivingPages arriving, Action run)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(arriving);
        ArgumentNullException.ThrowIfNull(run);
        this.machine = machine;
        this.arriving = arriving;
        this.run = run;
        PageCount = machine.Ram.Size / GuestRam.PageSize;
        absent = new PageBitmap(PageCount);
        arriving.Wanted += page => Wanted?.Invoke(page);
        arriving.RoomAgain += () => RoomMade?.Invoke();
    }

    /// <inheritdoc/>
    public event Action<long>? Wanted;

    /// <inheritdoc/>
    public event Action? RoomMade;

    /// <inheritdoc/>
    public long PageCount { get; }

    /// <inheritdoc/>
    public bool HasRoom
    {
        get
        {
            lock (gate)
                return unwritten.Count < MostWaiting && arriving.HasRoom;
        }
    }

    /// <summary>The origin for a machine that is to take a guest (<see cref="GuestRamOptions.Origin"/>).</summary>
    /// <param name="clock">The RAM's clock.</param>
    public static ArrivingPages MakePages(IMemoryClock clock) => new(clock, MostWaiting) { Slack = OnTheirWay };

    /// <inheritdoc/>
    public string? DifferenceFrom(ReadOnlySpan<byte> description)
    {
        try
        {
            string? difference = MachineDescription.Of(machine).DifferenceFrom(MachineDescription.Parse(description));
            return difference is null ? null : $"{difference}. Start the destination with the source's options.";
        }
        catch (StateFormatException error)
        {
            return error.Message;
        }
    }

    /// <inheritdoc/>
    public void TranslateAhead(ReadOnlySpan<ulong> code)
    {
        Span<byte> content = stackalloc byte[GuestRam.PageSize];
        while (!code.IsEmpty)
        {
            ulong address = PageOf(code[0]);
            int count = 1;
            while (count < code.Length && PageOf(code[count]) == address)
                count++;
            ReadOnlySpan<ulong> units = code[..count];
            code = code[count..];
            if (!machine.Hypervisor.Memory.TryGetOffset(address, GuestRam.PageSize, out long offset))
                continue;
            long page = offset / GuestRam.PageSize;
            lock (gate)
            {
                if (unwritten.ContainsKey(page) || absent[page] || !machine.Ram.TryCopy(page, content, out bool isZero) || isZero)
                    continue;
                machine.Hypervisor.Vcpus[0].Engine.TranslateAhead(address, content, units);
                translated.Add(page);
            }
        }

        static ulong PageOf(ulong unit) => WorkingSet.AddressOf(unit) & ~(ulong)(GuestRam.PageSize - 1);
    }

    /// <inheritdoc/>
    public string? Restore(ReadOnlySpan<byte> state)
    {
        ForgetTranslationsOfAbsentPages();
        try
        {
            arriving.Expect(machine.Ram, absent);
            MachineState.Restore(machine, state);
            return null;
        }
        catch (Exception error) when (error is StateFormatException or InvalidOperationException)
        {
            machine.Hypervisor.MakeUnusable(error.Message);
            return error.Message;
        }
    }

    /// <inheritdoc/>
    public void Run()
    {
        machine.Hypervisor.SharesProcessors = !absent.IsEmpty;
        machine.Continue();
        run();
    }

    /// <inheritdoc/>
    public void AllArrived() => machine.Hypervisor.SharesProcessors = false;

    /// <inheritdoc/>
    public long[] BlockTimes() => [.. machine.Hypervisor.Vcpus.Select(vcpu => vcpu.Statistics.FaultNanosecondsUntil(machine.Hypervisor.Clock.Now))];

    /// <inheritdoc/>
    public void Write(long page, ReadOnlySpan<byte> content)
    {
        lock (gate)
        {
            ForgetTranslations(page);
            if (machine.Ram.TryOverwrite(page, content))
            {
                unwritten.Remove(page);
                return;
            }
            // What it holds elsewhere is not to be read for that.
            machine.Ram.Discard(page);
            if (machine.Ram.TryOverwrite(page, content))
                return;
            unwritten[page] = content.ToArray();
        }
        machine.Ram.Request(page, () => WriteLate(page));
    }

    /// <inheritdoc/>
    public void Discard(long first, long count)
    {
        for (long page = first; page < first + count; page++)
        {
            lock (gate)
            {
                ForgetTranslations(page);
                unwritten.Remove(page);
                machine.Ram.Discard(page);
            }
        }
    }

    /// <inheritdoc/>
    public void MarkAbsent(long first, long count)
    {
        lock (gate)
            absent.AddRange(first, count);
    }

    /// <inheritdoc/>
    public void WhenSettled(Action<string?> settled)
    {
        lock (gate)
        {
            if (unwritten.Count != 0)
            {
                this.settled = settled;
                return;
            }
        }
        settled(null);
    }

    /// <inheritdoc/>
    public void PagesArrived(ReadOnlySpan<long> pages, ReadOnlySpan<byte> content)
    {
        if (arriving.ArriveAll(pages, content) == Arrival.NoRoom)
            throw new ProtocolException("many more pages on the urgent channel than were asked for");
    }

    /// <inheritdoc/>
    public void ZeroPageArrived(long page) => arriving.Arrive(page, []);

    // Once, when all are marked: the guest stands still meanwhile, and their ranges may be very many.
    private void ForgetTranslationsOfAbsentPages()
    {
        lock (gate)
        {
            foreach (long page in translated.Where(page => absent[page]).ToArray())
                ForgetTranslations(page);
        }
    }

    // Under the lock, as is translating: no code of before is translated after this.
    private void ForgetTranslations(long page)
    {
        if (translated.Remove(page))
            machine.Hypervisor.Vcpus[0].Engine.ForgetTranslations(machine.Hypervisor.RamBase + ((ulong)page * GuestRam.PageSize));
    }

    private void WriteLate(long page)
    {
        Action<string?>? done = null;
        bool room;
        lock (gate)
        {
            room = unwritten.Count >= MostWaiting;
            if (unwritten.TryGetValue(page, out byte[]? content))
            {
                if (machine.Ram.TryOverwrite(page, content))
                    unwritten.Remove(page);
                else
                    done = _ => machine.Ram.Request(page, () => WriteLate(page)); // It was evicted again.
            }
            room &= unwritten.Count < MostWaiting;
            if (unwritten.Count == 0)
                (done, settled) = (settled, null);
        }
        if (room)
            RoomMade?.Invoke();
        done?.Invoke(null);
    }
}
