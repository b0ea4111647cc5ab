using Meanwhile.Cli.Machines;
using Meanwhile.Cli.Machines.Moves;
using Meanwhile.Cli.Monitor.Qmp;
using Meanwhile.Migration.Machines;
using Meanwhile.Migration.Source;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Cli.Monitor.Migration;

/// <summary>One migration away from a session's machine.</summary>
internal sealed class OutgoingSide : IMigrationSide
{
    private readonly SourceSession source;
    private readonly OutgoingMigration link;
    private readonly MigrationTls? tls;

    /// <summary>Does not connect yet.</summary>
    /// <param name="session">The machine's.</param>
    /// <param name="address">Where the destination listens.</param>
    /// <param name="configuration">What the user set.</param>
    /// <exception cref="QmpException">Something of it cannot be.</exception>
    public OutgoingSide(MachineSession session, MigrationAddress address, MigrationConfiguration configuration)
    {
        MigrationOptions options = Options(configuration);
        tls = MigrationTransport.Credentials(configuration, isDestination: false);
        var guest = new OutgoingGuest(session.Machine);
        source = new SourceSession(new DepartingGuest(session, guest), guest, session.Clock, options);
        source.PhaseChanged += phase => Changed?.Invoke(phase);
        link = new OutgoingMigration(source, address, tls);
    }

    /// <inheritdoc/>
    public event Action<MigrationPhase>? Changed;

    /// <inheritdoc/>
    public MigrationInfo Info() => MigrationInfo.Of(source.Status(), isIncoming: false);

    /// <summary>Begins.</summary>
    /// <exception cref="QmpException">The address cannot be; nothing has begun.</exception>
    public void Start() => MigrationTransport.Try(link.Start);

    /// <summary>Takes new limits.</summary>
    /// <exception cref="QmpException">One is out of range; nothing changes.</exception>
    public void Configure(MigrationConfiguration configuration) => source.Options = Options(configuration);

    /// <summary>Goes on over a new connection.</summary>
    /// <exception cref="QmpException">It cannot.</exception>
    public void Resume(MigrationAddress address) => MigrationTransport.Try(() => MigrationTransport.Check(link.Recover(address)));

    /// <summary>Moves the guest as soon as it can be.</summary>
    /// <exception cref="QmpException">It is too late, or was not enabled in time.</exception>
    public void StartPostcopy() => MigrationTransport.Check(source.StartPostCopy());

    /// <inheritdoc/>
    public void Pause() => MigrationTransport.Check(source.Pause());

    /// <inheritdoc/>
    public void Cancel() => MigrationTransport.Check(source.Cancel());

    /// <inheritdoc/>
    public void Dispose()
    {
        link.Dispose();
        tls?.Dispose();
    }

    private static MigrationOptions Options(MigrationConfiguration configuration)
    {
        const int LeastZstd = 1, MostZstd = 19;
        var options = new MigrationOptions
        {
            MaxBandwidth = (long)Math.Min(configuration.MaximumBandwidth, long.MaxValue),
            MaxPostCopyBandwidth = (long)Math.Min(configuration.MaximumPostcopyBandwidth, long.MaxValue),
            DowntimeLimit = configuration.DowntimeLimit * MigrationInfo.NanosecondsPerMillisecond,
            PostCopy = configuration.Has(MigrationCapability.PostcopyRam),
            AutoConverge = configuration.Has(MigrationCapability.AutoConverge),
            ThrottleInitial = configuration.CpuThrottleInitial,
            ThrottleIncrement = configuration.CpuThrottleIncrement,
            ThrottleMaximum = configuration.MaximumCpuThrottle,
            CompressionLevel = configuration.Compression == MigrationCompression.Zstd ? Math.Clamp(configuration.ZstdLevel, LeastZstd, MostZstd) : null,
        };
        try
        {
            options.Validate();
        }
        catch (ArgumentException error)
        {
            throw new QmpException(error.Message);
        }
        return options;
    }
}
