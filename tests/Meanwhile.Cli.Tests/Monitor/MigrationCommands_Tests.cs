using System.Text.Json;
using Meanwhile.Cli.Monitor;
using Meanwhile.Cli.Monitor.Migration;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Cli.Tests.Monitor;

/// <summary>
/// The migration commands. Names, types, ranges, errors and the text of 'info migrate' are QEMU 10.0.2's, as it answered the same commands;
/// where a text of ours goes on to say what to do, its beginning is.
/// </summary>
public sealed class MigrationCommands_Tests
{
    private readonly FakeMigration migration;
    private readonly Conversation client;

    public MigrationCommands_Tests() => (migration, client) = Make(isIncoming: false);

    [Theory]
    [InlineData("migrate", "{}", "need either 'uri' or 'channels' argument")]
    [InlineData("migrate", """{"uri":5}""", "Invalid parameter type for 'uri', expected: string")]
    [InlineData("migrate", """{"uri":"foo"}""", "unknown migration protocol: foo")]
    [InlineData("migrate", """{"uri":"exec:cat"}""", "unknown migration protocol: exec:cat")]
    [InlineData("migrate", """{"uri":"tcp:1.2.3.4"}""", "error parsing address '1.2.3.4'")]
    [InlineData("migrate", """{"uri":"tcp:1.2.3.4:x"}""", "error parsing address '1.2.3.4:x'")]
    [InlineData("migrate", """{"uri":"tcp:1.2.3.4:65536"}""", "error parsing address '1.2.3.4:65536'")]
    [InlineData("migrate", """{"uri":"tcp:::1:5"}""", "error parsing address '::1:5'")]
    [InlineData("migrate", """{"uri":"unix:"}""", "error parsing address 'unix:'")]
    [InlineData("migrate", """{"uri":"tcp:a:1","detach":"yes"}""", "Invalid parameter type for 'detach', expected: boolean")]
    [InlineData("migrate", """{"uri":"tcp:a:1","bogus":1}""", "Parameter 'bogus' is unexpected")]
    [InlineData("migrate", """{"channels":[]}""", "Parameter 'channels' is not supported")]
    [InlineData("migrate", """{"uri":"tcp:127.0.0.1:1","resume":true}""", "Cannot resume if there is no paused migration")]
    [InlineData("migrate-pause", "{}", "migrate-pause is currently only supported during postcopy-active or postcopy-recover state")]
    [InlineData("migrate-recover", """{"uri":"tcp:127.0.0.1:1"}""", "Migrate recover can only be run when postcopy is paused.")]
    [InlineData("migrate-incoming", """{"uri":"tcp:127.0.0.1:1"}""", "'-incoming' was not specified on the command line")]
    [InlineData("migrate-start-postcopy", "{}", "Enable postcopy with migrate_set_capability before the start of migration")]
    [InlineData("migrate-set-capabilities", "{}", "Parameter 'capabilities' is missing")]
    [InlineData("migrate-set-capabilities", """{"capabilities":{}}""", "Invalid parameter type for 'capabilities', expected: array")]
    [InlineData("migrate-set-capabilities", """{"capabilities":[5]}""", "Invalid parameter type for 'capabilities[0]', expected: object")]
    [InlineData("migrate-set-capabilities", """{"capabilities":[{"capability":"events"}]}""", "Parameter 'capabilities[0].state' is missing")]
    [InlineData(
        "migrate-set-capabilities",
        """{"capabilities":[{"capability":"events","state":1}]}""",
        "Invalid parameter type for 'capabilities[0].state', expected: boolean")]
    [InlineData("migrate-set-capabilities", """{"capabilities":[{"capability":"nope","state":true}]}""", "Parameter 'capability' does not accept value 'nope'")]
    [InlineData("migrate-set-capabilities", """{"capabilities":[{"capability":"xbzrle","state":true}]}""", "Capability 'xbzrle' is not supported")]
    [InlineData("migrate-set-capabilities", """{"capabilities":[{"capability":"multifd","state":true}]}""", "Capability 'multifd' is not supported")]
    [InlineData("migrate-set-capabilities", """{"capabilities":[{"capability":"postcopy-preempt","state":true}]}""", "Postcopy preempt requires postcopy-ram")]
    [InlineData("migrate-set-parameters", """{"nope":1}""", "Parameter 'nope' is unexpected")]
    [InlineData("migrate-set-parameters", """{"announce-max":1}""", "Parameter 'announce-max' is not supported")]
    [InlineData("migrate-set-parameters", """{"max-bandwidth":"x"}""", "Parameter 'max-bandwidth' expects uint64")]
    [InlineData("migrate-set-parameters", """{"max-bandwidth":1.5}""", "Parameter 'max-bandwidth' expects uint64")]
    [InlineData(
        "migrate-set-parameters", """{"downtime-limit":3000000}""", "Parameter 'downtime_limit' expects an integer in the range of 0 to (2000 * 1000) ms")]
    [InlineData("migrate-set-parameters", """{"cpu-throttle-initial":0}""", "Parameter 'cpu_throttle_initial' expects an integer in the range of 1 to 99")]
    [InlineData("migrate-set-parameters", """{"cpu-throttle-increment":100}""", "Parameter 'cpu_throttle_increment' expects an integer in the range of 1 to 99")]
    [InlineData(
        "migrate-set-parameters", """{"max-cpu-throttle":5}""", "Parameter 'max_cpu_throttle' expects an integer in the range of cpu_throttle_initial to 99")]
    [InlineData("migrate-set-parameters", """{"multifd-compression":"foo"}""", "Parameter 'multifd-compression' does not accept value 'foo'")]
    [InlineData("migrate-set-parameters", """{"multifd-channels":0}""", "Parameter 'multifd_channels' expects a value between 1 and 255")]
    [InlineData("migrate-set-parameters", """{"tls-creds":5}""", "Invalid parameter type for 'tls-creds', expected: StrOrNull")]
    [InlineData("human-monitor-command", "{}", "Parameter 'command-line' is missing")]
    public void What_cannot_be_is_refused_in_QEMU_s_words_and_changes_nothing(string command, string arguments, string error)
    {
        MigrationConfiguration before = migration.Configuration;
        Assert.StartsWith("GenericError: " + error, client.Call(command, arguments), StringComparison.Ordinal);
        Assert.Empty(migration.Calls);
        Assert.Same(before, migration.Configuration);
    }

    [Fact]
    public void Parameters_start_with_QEMU_s_values()
    {
        using JsonDocument parameters = JsonDocument.Parse(client.Call("query-migrate-parameters"));
        var expected = new Dictionary<string, object>
        {
            ["cpu-throttle-initial"] = 20L,
            ["cpu-throttle-increment"] = 10L,
            ["max-cpu-throttle"] = 99L,
            ["tls-creds"] = "",
            ["tls-hostname"] = "",
            ["max-bandwidth"] = 134217728L,
            ["downtime-limit"] = 300L,
            ["multifd-channels"] = 2L,
            ["multifd-compression"] = "none",
            ["multifd-zstd-level"] = 1L,
            ["max-postcopy-bandwidth"] = 0L,
        };
        Assert.Equal(
            expected.OrderBy(pair => pair.Key, StringComparer.Ordinal),
            parameters.RootElement.EnumerateObject().Select(member => KeyValuePair.Create(
                member.Name, member.Value.ValueKind == JsonValueKind.Number ? (object)member.Value.GetInt64() : member.Value.GetString()!))
                .OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Parameters_that_are_set_are_shown_and_reach_the_migration()
    {
        Assert.Equal("{}", client.Call("migrate-set-parameters", """{"max-bandwidth":1000000,"downtime-limit":50,"multifd-compression":"zstd","max-postcopy-bandwidth":7}"""));
        Assert.Equal(1_000_000UL, migration.Configuration.MaximumBandwidth);
        Assert.Equal(50, migration.Configuration.DowntimeLimit);
        Assert.Equal(MigrationCompression.Zstd, migration.Configuration.Compression);
        string shown = client.Call("query-migrate-parameters");
        Assert.Contains("\"downtime-limit\":50,", shown, StringComparison.Ordinal);
        Assert.Contains("\"multifd-compression\":\"zstd\"", shown, StringComparison.Ordinal);
        Assert.Contains("max-bandwidth: 1000000 bytes/second\r\n", Info("migrate_parameters"), StringComparison.Ordinal);
    }

    [Fact]
    public void Capabilities_are_set_together_shown_and_what_QEMU_alone_has_may_be_switched_off()
    {
        Assert.Equal("{}", SetCapabilities(("postcopy-ram", true), ("postcopy-preempt", true), ("xbzrle", false)));
        Assert.True(migration.Configuration.Has(MigrationCapability.PostcopyRam));
        string shown = client.Call("query-migrate-capabilities");
        Assert.Contains("""{"state":true,"capability":"postcopy-ram"}""", shown, StringComparison.Ordinal);
        Assert.Contains("""{"state":false,"capability":"events"}""", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("multifd", shown, StringComparison.Ordinal);
        Assert.Contains("postcopy-preempt: on\r\n", Info("migrate_capabilities"), StringComparison.Ordinal);
        Assert.Equal("GenericError: Postcopy preempt requires postcopy-ram", SetCapabilities(("postcopy-ram", false)));
    }

    [Theory]
    [InlineData("tcp:127.0.0.1:4444")]
    [InlineData("tcp:[::1]:4444")]
    [InlineData("tcp:host.example:1")]
    [InlineData("unix:/run/m.sock")]
    public void A_migration_starts_once(string uri)
    {
        Assert.Equal("{}", client.Call("query-migrate"));
        Assert.Equal("", Info("migrate"));
        migration.Reaction = _ => migration.Info = new MigrationInfo { State = MigrationState.Setup };
        Assert.Equal("{}", client.Call("migrate", $$"""{"uri":"{{uri}}","detach":true}"""));
        Assert.Equal([$"start {uri}"], migration.Calls);
        Assert.Equal("""{"status":"setup"}""", client.Call("query-migrate"));
        Assert.Equal("GenericError: There's a migration process in progress", client.Call("migrate", $$"""{"uri":"{{uri}}"}"""));
        Assert.Equal("GenericError: There's a migration process in progress", SetCapabilities(("postcopy-ram", true)));
    }

    [Fact]
    public void A_guest_that_has_left_cannot_leave_again_but_one_that_came_in_can()
    {
        migration.Info = Finished;
        Assert.Equal(
            "GenericError: Can't migrate the vm that was paused due to previous migration", client.Call("migrate", """{"uri":"tcp:127.0.0.1:1"}"""));
        (FakeMigration incoming, Conversation there) = Make(isIncoming: true);
        incoming.Info = new MigrationInfo { State = MigrationState.Completed, IsIncoming = true };
        Assert.Equal("{}", there.Call("migrate", """{"uri":"tcp:127.0.0.1:1"}"""));
        Assert.Equal(["start tcp:127.0.0.1:1"], incoming.Calls);
    }

    [Theory]
    [InlineData("setup", "cancel")]
    [InlineData("active", "cancel")]
    [InlineData("completed", null)]
    [InlineData("failed", null)]
    public void Cancel_is_for_what_is_under_way(string state, string? call)
    {
        migration.Info = new MigrationInfo { State = StateOf(state) };
        Assert.Equal("{}", client.Call("migrate_cancel"));
        Assert.Equal(call is null ? [] : [call], migration.Calls);
    }

    [Theory]
    [InlineData("postcopy-active")]
    [InlineData("postcopy-paused")]
    public void A_guest_that_has_moved_cannot_be_called_back(string state)
    {
        migration.Info = new MigrationInfo { State = StateOf(state) };
        Assert.Equal("GenericError: Postcopy migration in progress, cannot cancel.", client.Call("migrate_cancel"));
        Assert.Empty(migration.Calls);
    }

    [Fact]
    public void Postcopy_starts_when_it_is_enabled_and_pauses_and_goes_on()
    {
        SetCapabilities(("postcopy-ram", true));
        Assert.Equal("GenericError: Postcopy must be started after migration has been started", client.Call("migrate-start-postcopy"));
        migration.Info = new MigrationInfo { State = MigrationState.Active };
        Assert.Equal("{}", client.Call("migrate-start-postcopy"));
        migration.Info = new MigrationInfo { State = MigrationState.PostcopyActive };
        Assert.Equal("{}", client.Call("migrate-pause"));
        migration.Info = new MigrationInfo { State = MigrationState.PostcopyPaused };
        Assert.Equal("{}", client.Call("migrate", """{"uri":"tcp:b:2","resume":true}"""));
        Assert.Equal(["start-postcopy", "pause", "resume tcp:b:2"], migration.Calls);
    }

    [Fact]
    public void Where_a_guest_is_waited_for()
    {
        (FakeMigration incoming, Conversation there) = Make(isIncoming: true);
        Assert.Equal("GenericError: Guest is waiting for an incoming migration", there.Call("migrate", """{"uri":"tcp:a:1"}"""));
        incoming.Reaction = _ => incoming.Info = new MigrationInfo
        {
            State = MigrationState.Setup,
            IsIncoming = true,
            Listening = MigrationAddress.Parse("tcp:127.0.0.1:4444"),
        };
        Assert.Equal("{}", there.Call("migrate-incoming", """{"uri":"tcp:127.0.0.1:4444"}"""));
        Assert.Equal("""{"status":"setup","socket-address":[{"host":"127.0.0.1","port":"4444","type":"inet"}]}""", there.Call("query-migrate"));
        Assert.Equal("GenericError: The incoming migration has already been started", there.Call("migrate-incoming", """{"uri":"tcp:127.0.0.1:4444"}"""));
        incoming.Info = new MigrationInfo { State = MigrationState.PostcopyPaused, IsIncoming = true };
        Assert.Equal("{}", there.Call("migrate-recover", """{"uri":"unix:/m"}"""));
        Assert.Equal(["listen tcp:127.0.0.1:4444", "recover unix:/m"], incoming.Calls);
    }

    [Fact]
    public void Credentials_are_objects_that_a_migration_names()
    {
        using var folder = new TemporaryFolder();
        client.Call("migrate-set-parameters", """{"tls-creds":"tls0"}""");
        Assert.StartsWith("GenericError: No TLS credentials with id 'tls0'", client.Call("migrate", """{"uri":"tcp:a:1"}"""), StringComparison.Ordinal);
        Assert.Empty(migration.Calls);
        string add = $$"""{"qom-type":"tls-creds-x509","id":"tls0","dir":"{{folder.Path}}","endpoint":"client"}""";
        Assert.Equal("{}", client.Call("object-add", add));
        Assert.StartsWith("GenericError: attempt to add duplicate property 'tls0'", client.Call("object-add", add), StringComparison.Ordinal);
        Assert.Equal("{}", client.Call("migrate", """{"uri":"tcp:a:1"}"""));
        Assert.Equal(folder.Path, migration.Configuration.TlsFolder);
        Assert.Equal("{}", client.Call("object-del", """{"id":"tls0"}"""));
        Assert.Equal("GenericError: object 'tls0' not found", client.Call("object-del", """{"id":"tls0"}"""));
        Assert.Equal("{}", client.Call("migrate-set-parameters", """{"tls-creds":null}"""));
        Assert.Equal("{}", client.Call("migrate", """{"uri":"tcp:a:1"}"""));
        Assert.Null(migration.Configuration.TlsFolder);
    }

    [Fact]
    public void Every_field_is_in_query_migrate()
    {
        // The source's of one real post-copy of QEMU 10.0.2, with what only a destination or a throttled source has beside them.
        migration.Info = Finished with { CpuThrottlePercentage = 30, PostcopyBlockTime = 2, PostcopyVcpuBlockTime = [2, 5], ExpectedDowntime = 300, Error = "why" };
        using JsonDocument info = JsonDocument.Parse(client.Call("query-migrate"));
        Assert.Equal(
            ["cpu-throttle-percentage", "downtime", "error-desc", "expected-downtime", "postcopy-blocktime", "postcopy-vcpu-blocktime", "ram", "setup-time", "status", "total-time"],
            info.RootElement.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                "dirty-pages-rate", "dirty-sync-count", "dirty-sync-missed-zero-copy", "downtime-bytes", "duplicate", "mbps", "multifd-bytes", "normal", "normal-bytes",
                "page-size", "pages-per-second", "postcopy-bytes", "postcopy-requests", "precopy-bytes", "remaining", "skipped", "total", "transferred",
            ],
            info.RootElement.GetProperty("ram").EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal("[2,5]", info.RootElement.GetProperty("postcopy-vcpu-blocktime").GetRawText());
        Assert.Equal(50886940, info.RootElement.GetProperty("ram").GetProperty("transferred").GetInt64());
    }

    [Fact]
    public void Info_migrate_prints_what_QEMU_prints()
    {
        migration.Info = Finished;
        // QEMU's text for these figures, without its 'globals', which are about machine types.
        Assert.Equal(
            """
            Migration status: completed
            total time: 2422 ms
            downtime: 1399 ms
            setup: 11 ms
            transferred ram: 49694 kbytes
            throughput: 168.85 mbps
            remaining ram: 0 kbytes
            total ram: 262280 kbytes
            duplicate: 53296 pages
            normal: 12274 pages
            normal bytes: 49096 kbytes
            dirty sync count: 2
            page size: 4 kbytes
            multifd bytes: 0 kbytes
            pages-per-second: 196720
            postcopy request count: 78
            precopy ram: 2569 kbytes
            postcopy ram: 47091 kbytes

            """,
            Info("migrate").ReplaceLineEndings("\n"));
        migration.Info = new MigrationInfo { State = MigrationState.Failed, Error = "Failed to connect to '127.0.0.1:1': Connection refused", TotalTime = 0 };
        Assert.Equal("Migration status: failed (Failed to connect to '127.0.0.1:1': Connection refused)\r\ntotal time: 0 ms\r\n", Info("migrate"));
        migration.Info = new MigrationInfo
        {
            State = MigrationState.Completed,
            IsIncoming = true,
            TotalTime = 0,
            PostcopyBlockTime = 2,
            PostcopyVcpuBlockTime = [2],
        };
        Assert.Equal("Migration status: completed\r\ntotal time: 0 ms\r\npostcopy blocktime: 2\r\npostcopy vcpu blocktime: 2\r\n", Info("migrate"));
    }

    private static MigrationInfo Finished => new()
    {
        State = MigrationState.Completed,
        TotalTime = 2422,
        Downtime = 1399,
        SetupTime = 11,
        Ram = new MigrationStats
        {
            Total = 268574720,
            PostcopyRequests = 78,
            DirtySyncCount = 2,
            PagesPerSecond = 196720,
            PageSize = 4096,
            PostcopyBytes = 48221201,
            Mbps = 168.84924097884695,
            Transferred = 50886940,
            PrecopyBytes = 2631253,
            Duplicate = 53296,
            NormalBytes = 50274304,
            Normal = 12274,
        },
    };

    private static MigrationState StateOf(string name) => Enum.GetValues<MigrationState>().Single(state => state.Name() == name);

    private static (FakeMigration Migration, Conversation Client) Make(bool isIncoming)
    {
        var migration = new FakeMigration { IsIncoming = isIncoming };
        return (migration, new Conversation(MachineMonitor.Commands(new FakeMachine(), migration, out _)));
    }

    private string SetCapabilities(params (string Name, bool State)[] capabilities) => client.Call(
        "migrate-set-capabilities",
        $$"""{"capabilities":[{{string.Join(',', capabilities.Select(one => $$"""{"capability":"{{one.Name}}","state":{{(one.State ? "true" : "false")}}}"""))}}]}""");

    private string Info(string topic)
    {
        using JsonDocument text = JsonDocument.Parse(client.Call("human-monitor-command", $$"""{"command-line":"info {{topic}}"}"""));
        return text.RootElement.GetString()!;
    }
}
