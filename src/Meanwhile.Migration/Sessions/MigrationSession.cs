using System.Security.Cryptography;
using Meanwhile.Memory;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Sessions;

/// <summary>
/// What source and destination have in common: one lock over all state, and effects (calls of machine, memory and listeners) that are decided
/// under the lock and carried out after it, one at a time and in order, by whichever thread gets there. Frames go in and out by
/// <see cref="Connection"/>s; a session has no sockets, no threads, and no time but the clock's.
/// </summary>
public abstract class MigrationSession
{
    private readonly Queue<Action> effects = new();
    private bool running;

    private protected MigrationSession(IMemoryClock clock) => Clock = clock;

    /// <summary>The phase has changed; raised on any thread, in order.</summary>
    public event Action<MigrationPhase>? PhaseChanged;

    /// <summary>Counts and times so far.</summary>
    public abstract MigrationStatus Status();

    internal object Gate { get; } = new();

    /// <summary>Nonces and secrets; tests that compare streams give their own.</summary>
    internal Func<int, byte[]> RandomBytes { get; init; } = RandomNumberGenerator.GetBytes;

    /// <summary>What this side can do; tests that stand for an older program say less.</summary>
    internal Capabilities Known { get; init; } = Capabilities.All;

    internal IMemoryClock Clock { get; }

    internal MigrationPhase ReportedPhase { get; private set; } = MigrationPhase.None;

    // What a connection tells its session. All but PullData and FrameReceived are called with the lock held.

    /// <summary>A HELLO came: the secret to prove, or why not.</summary>
    internal abstract (byte[]? Secret, string? Refusal) Greeted(Hello hello);

    /// <summary>The peer has proved itself; null, or why it is refused after all.</summary>
    internal abstract string? Opened(Connection connection);

    /// <summary>The peer refused this connection.</summary>
    internal abstract void Refused(Connection connection, string text);

    /// <summary>The connection is gone, or what came on it was no good.</summary>
    internal abstract void Lost(Connection connection, string reason);

    /// <summary>A frame on an open connection. Not under the lock.</summary>
    internal abstract void FrameReceived(Connection connection, FrameKind kind, bool compressed, ReadOnlySpan<byte> payload);

    /// <summary>Writes the next frame that is not in the connection's queue. Not under the lock.</summary>
    internal abstract PullResult PullData(Connection connection, FrameWriter into);

    /// <summary>False while the session has no room for what comes on this connection.</summary>
    internal abstract bool HasRoom(Connection connection);

    /// <summary>Nobody waits for what goes over this connection now.</summary>
    internal abstract bool IsBackground(Connection connection);

    /// <summary>A frame of so many bytes has been handed to the transport.</summary>
    internal abstract void Sent(long bytes);

    /// <summary>An effect threw: machine or memory could not do what it must.</summary>
    private protected abstract void EffectFailed(Exception exception);

    /// <summary>Changes state under the lock, then carries out what follows.</summary>
    internal void Step(Action change)
    {
        lock (Gate)
            change();
        RunEffects();
    }

    /// <summary>Under the lock: to be carried out after it.</summary>
    internal void Then(Action effect) => effects.Enqueue(effect);

    /// <summary>Carries out effects, unless a thread (or a caller of this one) is at it, which then does these too.</summary>
    internal void RunEffects()
    {
        while (true)
        {
            Action? effect;
            lock (Gate)
            {
                if (running || !effects.TryDequeue(out effect))
                    return;
                running = true;
            }
            try
            {
                effect();
            }
            catch (Exception exception)
            {
                lock (Gate)
                    EffectFailed(exception);
            }
            finally
            {
                lock (Gate)
                    running = false;
            }
        }
    }

    /// <summary>Under the lock: tells listeners when the phase is another.</summary>
    private protected void Report(MigrationPhase phase)
    {
        if (phase == ReportedPhase)
            return;
        ReportedPhase = phase;
        Then(() => PhaseChanged?.Invoke(phase));
    }
}
