using Meanwhile.Cli.Monitor.Qmp;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Cli.Monitor.Migration;

/// <summary>
/// What a monitor needs of migration. One thread calls at a time, and no call waits for a peer. The monitor has checked that a call fits the
/// state that it saw; whether it still does is checked again here.
/// </summary>
internal interface IMigrationControl
{
    /// <summary>What the migration is doing. Any thread.</summary>
    MigrationInfo Query();

    /// <summary>The state changed, and <see cref="Query"/> shows it; told on the thread on which it does, which must not be held up.</summary>
    event Action<MigrationState>? StateChanged;

    /// <summary>This can be switched on.</summary>
    bool Supports(MigrationCapability capability);

    /// <summary>The machine was made to take a guest in.</summary>
    bool IsIncoming { get; }

    /// <summary>Takes what the user set since; bandwidths hold for the migration under way.</summary>
    /// <exception cref="QmpException">Something of it is out of range; nothing is taken.</exception>
    void Configure(MigrationConfiguration configuration);

    /// <summary>Sends the guest there.</summary>
    /// <exception cref="QmpException">It cannot.</exception>
    void Start(MigrationAddress address);

    /// <summary>Goes on with a post-copy whose connection was lost.</summary>
    /// <exception cref="QmpException">It cannot.</exception>
    void Resume(MigrationAddress address);

    /// <summary>Waits for a guest.</summary>
    /// <exception cref="QmpException">It cannot.</exception>
    void Listen(MigrationAddress address);

    /// <summary>Waits for the source of a post-copy whose connection was lost.</summary>
    /// <exception cref="QmpException">It cannot.</exception>
    void Recover(MigrationAddress address);

    /// <summary>Moves the guest as soon as it can be; its memory follows.</summary>
    /// <exception cref="QmpException">It cannot.</exception>
    void StartPostcopy();

    /// <summary>Cuts the connection of a post-copy.</summary>
    /// <exception cref="QmpException">It cannot.</exception>
    void Pause();

    /// <summary>Ends a migration whose guest is still here; it goes on. Where a guest comes to: it never runs here.</summary>
    /// <exception cref="QmpException">It cannot.</exception>
    void Cancel();
}
