using System.Runtime.InteropServices;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Machine.Board;
using Meanwhile.Machine.Devices;
using Meanwhile.Memory;
using Meanwhile.Memory.Sources;
using Meanwhile.Migration.Destination;
using Meanwhile.Migration.Machines;
using Meanwhile.Migration.Source;

namespace Meanwhile.Migration.Bench;

/// <summary>Two machines without a running guest, the first with memory full of noise, and the sessions of a post-copy from it to the second.</summary>
internal sealed class BenchPair : IDisposable
{
    private readonly RealClock clock = new();
    private readonly VirtMachine from;
    private readonly VirtMachine to;

    public BenchPair(long pages, MigrationOptions options)
    {
        Pages = pages;
        from = Machine(null);
        ArrivingPages arriving = IncomingGuest.MakePages(clock);
        to = Machine(arriving);
        Fill();
        var outgoing = new OutgoingGuest(from);
        var incoming = new IncomingGuest(to, arriving, () => HasRun.Set());
        Source = new SourceSession(outgoing, outgoing, clock, options);
        Destination = new DestinationSession(incoming, incoming, clock);
    }

    public long Pages { get; }

    public SourceSession Source { get; }

    public DestinationSession Destination { get; }

    /// <summary>The guest is the destination's.</summary>
    public ManualResetEventSlim HasRun { get; } = new();

    /// <summary>RAM of the destination.</summary>
    public GuestRam Ram => to.Ram;

    /// <summary>True when every page of the destination is the source's.</summary>
    public unsafe bool IsEqual()
    {
        for (long page = 0; page < Pages; page++)
        {
            var sent = new ReadOnlySpan<byte>(from.Ram.HostAddress(page * GuestRam.PageSize), GuestRam.PageSize);
            if (!sent.SequenceEqual(new ReadOnlySpan<byte>(to.Ram.HostAddress(page * GuestRam.PageSize), GuestRam.PageSize)))
                return false;
        }
        return true;
    }

    public void Dispose()
    {
        from.Dispose();
        to.Dispose();
        clock.Dispose();
        HasRun.Dispose();
    }

    private VirtMachine Machine(ArrivingPages? origin) => new(new VirtMachineOptions
    {
        Memory = new GuestRamOptions { Size = Pages * GuestRam.PageSize, Origin = origin, Clock = clock },
        Clock = clock,
        Kernel = "",
        Console = new NoConsole(),
    });

    private void Fill()
    {
        byte[] content = new byte[GuestRam.PageSize];
        var random = new Random(1);
        Span<long> words = MemoryMarshal.Cast<byte, long>(content.AsSpan());
        for (long page = 0; page < Pages; page++)
        {
            for (int i = 0; i < words.Length; i += 8)
                words[i] = random.NextInt64();
            if (!from.Ram.TryOverwrite(page, content))
                throw new InvalidOperationException("A page of new RAM is not there.");
        }
    }

    private sealed class NoConsole : IConsoleBackend
    {
        public void Write(ReadOnlySpan<byte> output)
        {
        }
    }
}
