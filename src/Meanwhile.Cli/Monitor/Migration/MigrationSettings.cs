using System.Collections.Immutable;
using System.Text.Json;
using Meanwhile.Cli.Monitor.Qmp;

namespace Meanwhile.Cli.Monitor.Migration;

/// <summary>Capabilities and parameters, and the commands that set and show them.</summary>
internal sealed class MigrationSettings(IMigrationControl migration)
{
    private readonly Dictionary<string, string> credentials = new(StringComparer.Ordinal);

    /// <summary>What is set.</summary>
    public MigrationConfiguration Current { get; private set; } = new();

    /// <summary>All commands.</summary>
    public IEnumerable<QmpCommand> Commands =>
    [
        new("migrate-set-capabilities", (arguments, _) => SetCapabilities(arguments)),
        new("query-migrate-capabilities", ListCapabilities),
        new("migrate-set-parameters", (arguments, _) => SetParameters(arguments)),
        new("query-migrate-parameters", json => MigrationParameters.Write(json, Current)),
        new("object-add", (arguments, _) => AddObject(arguments)),
        new("object-del", (arguments, _) => RemoveObject(arguments)),
    ];

    /// <summary>All capabilities that can be switched on.</summary>
    public IEnumerable<MigrationCapability> Supported => Enum.GetValues<MigrationCapability>().Where(migration.Supports);

    /// <summary>What is set, for a migration that starts now.</summary>
    /// <exception cref="QmpException">The credentials that are set do not exist.</exception>
    public MigrationConfiguration ForStart()
    {
        if (Current.TlsCredentials.Length == 0)
            return Current;
        return credentials.TryGetValue(Current.TlsCredentials, out string? folder)
            ? Current with { TlsFolder = folder }
            : throw new QmpException($"No TLS credentials with id '{Current.TlsCredentials}'; add them with object-add (qom-type tls-creds-x509)");
    }

    private void SetCapabilities(QmpArguments arguments)
    {
        IReadOnlyList<QmpArguments> items = arguments.RequiredObjects("capabilities");
        arguments.End();
        ImmutableHashSet<MigrationCapability> next = Current.Capabilities;
        foreach (QmpArguments item in items)
        {
            string name = item.RequiredString("capability");
            bool isForeign = MigrationCapabilityNames.IsForeign(name);
            if (MigrationCapabilityNames.Find(name) is null && !isForeign)
                throw new QmpException($"Parameter 'capability' does not accept value '{name}'");
            bool state = item.RequiredBoolean("state");
            item.End();
            if (MigrationCapabilityNames.Find(name) is { } capability && migration.Supports(capability))
                next = state ? next.Add(capability) : next.Remove(capability);
            else if (state)
                throw new QmpException($"Capability '{name}' is not supported; query-migrate-capabilities lists what is");
        }
        if (next.Contains(MigrationCapability.PostcopyPreempt) && !next.Contains(MigrationCapability.PostcopyRam))
            throw new QmpException("Postcopy preempt requires postcopy-ram");
        // Where a guest is waited for they may be set until it comes.
        MigrationInfo info = migration.Query();
        if (info.State.IsUnderWay() && info is not { IsIncoming: true, State: MigrationState.Setup })
            throw new QmpException("There's a migration process in progress");
        Apply(Current with { Capabilities = next });
    }

    private void ListCapabilities(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (MigrationCapability capability in Supported)
        {
            json.WriteStartObject();
            json.WriteBoolean("state", Current.Has(capability));
            json.WriteString("capability", capability.Name());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void SetParameters(QmpArguments arguments) => Apply(MigrationParameters.Read(arguments, Current));

    private void Apply(MigrationConfiguration configuration)
    {
        migration.Configure(configuration);
        Current = configuration;
    }

    private void AddObject(QmpArguments arguments)
    {
        string type = arguments.RequiredString("qom-type"), id = arguments.RequiredString("id");
        if (type != "tls-creds-x509")
            throw new QmpException($"Parameter 'qom-type' does not accept value '{type}'; there is only tls-creds-x509");
        string folder = arguments.RequiredString("dir");
        string? endpoint = arguments.OptionalString("endpoint");
        bool? verifies = arguments.OptionalBoolean("verify-peer");
        arguments.End();
        if (endpoint is not (null or "client" or "server"))
            throw new QmpException($"Parameter 'endpoint' does not accept value '{endpoint}'");
        if (verifies == false)
            throw new QmpException("Parameter 'verify-peer' cannot be off: both ends of a migration prove who they are");
        if (!Directory.Exists(folder))
            throw new QmpException($"There is no folder '{folder}'; name the one with ca-cert.pem and the certificates");
        if (!credentials.TryAdd(id, folder))
            throw new QmpException($"attempt to add duplicate property '{id}' to object (type 'container')");
    }

    private void RemoveObject(QmpArguments arguments)
    {
        string id = arguments.RequiredString("id");
        arguments.End();
        if (!credentials.Remove(id))
            throw new QmpException($"object '{id}' not found");
    }
}
