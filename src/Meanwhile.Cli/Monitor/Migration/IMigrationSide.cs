using Meanwhile.Cli.Monitor.Qmp;
using Meanwhile.Migration.Status;

namespace Meanwhile.Cli.Monitor.Migration;

/// <summary>A migration under way or over, on the side that this process is.</summary>
internal interface IMigrationSide : IDisposable
{
    /// <summary>It is in another phase. Any thread, in order.</summary>
    event Action<MigrationPhase>? Changed;

    /// <summary>How far it is. Any thread.</summary>
    MigrationInfo Info();

    /// <summary>Cuts the connections of a post-copy.</summary>
    /// <exception cref="QmpException">It is none.</exception>
    void Pause();

    /// <summary>Ends it; the guest is the source's.</summary>
    /// <exception cref="QmpException">It cannot be ended.</exception>
    void Cancel();
}
