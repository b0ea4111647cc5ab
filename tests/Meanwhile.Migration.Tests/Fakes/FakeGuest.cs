using System.Runtime.InteropServices;

namespace Meanwhile.Migration.Tests.Fakes;

/// <summary>
/// A guest that reads and writes random pages, and the model of what each page must hold. It runs on one machine at a time; what it finds in a
/// page is compared with the model at every step, so that any wrong, old or lost page that it touches is found at once.
/// </summary>
internal sealed class FakeGuest
{
    private readonly ulong[] truth;
    private readonly int writePercent;
    private ulong random;

    /// <param name="pages">Pages of RAM.</param>
    /// <param name="writePercent">How many of 100 steps write.</param>
    /// <param name="touched">So many of the pages have content at first; the others are zero.</param>
    public FakeGuest(int pages, int writePercent, int touched)
    {
        truth = new ulong[pages];
        this.writePercent = writePercent;
        random = 88172645463325252;
        for (int page = 0; page < touched; page++)
            truth[page] = Next() | 1;
    }

    /// <summary>Steps done.</summary>
    public long Steps { get; private set; }

    /// <summary>What was wrong.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Who runs the guest.</summary>
    public FakeMachine? Host { get; private set; }

    public void RunOn(FakeMachine machine)
    {
        if (Host is not null)
            Errors.Add($"the guest is to run on {machine.Name} while it runs on {Host.Name}");
        Host = machine;
    }

    public void Stop(FakeMachine machine)
    {
        if (Host == machine)
            Host = null;
    }

    public byte[] Save()
    {
        byte[] state = new byte[16];
        MemoryMarshal.Write(state, random);
        MemoryMarshal.Write(state.AsSpan(8), Steps);
        return state;
    }

    /// <summary>The guest has one state only: who runs it must have restored what it was when it stopped.</summary>
    public void CheckRestored(ReadOnlySpan<byte> state)
    {
        if (!state.SequenceEqual(Save()))
            Errors.Add("another state is run than was left");
    }

    /// <summary>One access.</summary>
    public void Step(FakeMachine machine)
    {
        ulong before = random;
        int page = (int)(Next() % (ulong)truth.Length);
        bool write = Next() % 100 < (ulong)writePercent;
        if (!machine.Ram.IsPresent(page))
        {
            random = before; // The access is made again when the page is there.
            machine.Ram.Want(page);
            return;
        }
        Steps++;
        machine.Ram.Used(page);
        Check(machine.Ram, page);
        if (!write)
            return;
        truth[page] = Next() % 16 == 0 ? 0 : Next();
        Fill(machine.Ram.Page(page), truth[page]);
        machine.Ram.Wrote(page);
    }

    /// <summary>Compares one page with the model.</summary>
    public void Check(FakeRam ram, int page)
    {
        Span<byte> expected = stackalloc byte[4096];
        Fill(expected, truth[page]);
        if (!ram.Page(page).SequenceEqual(expected))
            Errors.Add($"page {page} on {ram.Name} has the wrong content after {Steps} steps");
    }

    /// <summary>What the model says a page holds.</summary>
    public void Fill(int page, Span<byte> content) => Fill(content, truth[page]);

    public bool IsZero(int page) => truth[page] == 0;

    private static void Fill(Span<byte> content, ulong value)
    {
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(content);
        for (int i = 0; i < words.Length; i++)
            words[i] = value == 0 ? 0 : i % 4 != 0 ? value : value * (ulong)(i + 1);
    }

    private ulong Next()
    {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        return random;
    }
}
