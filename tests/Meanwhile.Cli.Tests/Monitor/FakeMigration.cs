using Meanwhile.Cli.Monitor.Migration;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Cli.Tests.Monitor;

/// <summary>A migration of which a test says how it goes, and which remembers what it was told.</summary>
internal sealed class FakeMigration : IMigrationControl
{
    private MigrationInfo info = new();

    public event Action<MigrationState>? StateChanged;

    public List<string> Calls { get; } = [];

    public MigrationConfiguration Configuration { get; private set; } = new();

    public bool IsIncoming
    {
        get;
        init
        {
            field = value;
            info = new MigrationInfo { IsIncoming = value };
        }
    }

    /// <summary>What happens after a call.</summary>
    public Action<string>? Reaction { get; set; }

    public MigrationInfo Info
    {
        get => Volatile.Read(ref info);
        set
        {
            bool changes = value.State != Info.State;
            Volatile.Write(ref info, value);
            if (changes)
                StateChanged?.Invoke(value.State);
        }
    }

    public MigrationInfo Query() => Info;

    public bool Supports(MigrationCapability capability) => capability != MigrationCapability.Multifd;

    public void Configure(MigrationConfiguration configuration) => Configuration = configuration;

    public void Start(MigrationAddress address) => Called($"start {address}");

    public void Resume(MigrationAddress address) => Called($"resume {address}");

    public void Listen(MigrationAddress address) => Called($"listen {address}");

    public void Recover(MigrationAddress address) => Called($"recover {address}");

    public void StartPostcopy() => Called("start-postcopy");

    public void Pause() => Called("pause");

    public void Cancel() => Called("cancel");

    private void Called(string call)
    {
        Calls.Add(call);
        Reaction?.Invoke(call);
    }
}
