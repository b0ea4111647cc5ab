using System.Text.Json;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Monitor.Migration;
using Meanwhile.Cli.Monitor.Qmp;

namespace Meanwhile.Cli.Monitor;

/// <summary>A machine's monitor: its commands on any number of sockets, and its events to all clients.</summary>
internal sealed class MachineMonitor : IDisposable
{
    private readonly IMachineControl machine;
    private readonly IMigrationControl? migration;
    private readonly MigrationSettings? settings;
    private readonly List<QmpServer> servers = [];

    /// <summary>Starts to listen.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="migration">Its migration; null: it cannot migrate, and there are no commands for it.</param>
    /// <param name="paths">A socket for each.</param>
    /// <param name="failed">A thread of the monitor threw what it should not; called on that thread.</param>
    /// <param name="more">More commands.</param>
    /// <exception cref="UserError">There cannot be a socket at one of the paths.</exception>
    public MachineMonitor(
        IMachineControl machine, IMigrationControl? migration, IReadOnlyList<string> paths, Action<Exception> failed, params IEnumerable<QmpCommand> more)
    {
        this.machine = machine;
        this.migration = migration;
        QmpCommandTable commands = Commands(machine, migration, out settings);
        commands.Add(more);
        try
        {
            foreach (string path in paths)
                servers.Add(new QmpServer(path, commands, failed));
        }
        catch
        {
            Dispose();
            throw;
        }
        machine.Happened += OnHappened;
        if (migration is not null)
            migration.StateChanged += OnMigration;
    }

    /// <summary>All commands of a machine's monitor.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="migration">Its migration, or null.</param>
    /// <param name="settings">What clients set for migrations; null when there is none.</param>
    internal static QmpCommandTable Commands(IMachineControl machine, IMigrationControl? migration, out MigrationSettings? settings)
    {
        var commands = new QmpCommandTable();
        commands.Add(MachineCommands.Of(machine));
        var human = new HumanMonitor(machine);
        commands.Add(human.Command);
        settings = null;
        if (migration is null)
            return commands;
        settings = new MigrationSettings(migration);
        commands.Add(settings.Commands);
        commands.Add(new MigrationCommands(migration, settings).All);
        MigrationReport.AddTo(human, migration, settings);
        return commands;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        machine.Happened -= OnHappened;
        if (migration is not null)
            migration.StateChanged -= OnMigration;
        foreach (QmpServer server in servers)
            server.Dispose();
    }

    private void OnHappened(MachineEvent what)
    {
        switch (what)
        {
            case MachineEvent.Stopped:
                Post("STOP");
                break;
            case MachineEvent.Resumed:
                Post("RESUME");
                break;
            case MachineEvent.PowerDown:
                Post("POWERDOWN");
                break;
            case MachineEvent.Reset reset:
                Post("RESET", json => WriteCause(json, reset.Cause));
                break;
            case MachineEvent.Shutdown shutdown:
                Post("SHUTDOWN", json => WriteCause(json, shutdown.Cause));
                break;
        }
    }

    // As QEMU: only to those who switched it on.
    private void OnMigration(MigrationState state)
    {
        if (settings!.Current.Has(MigrationCapability.Events))
            Post("MIGRATION", json => json.WriteString("status", state.Name()));
    }

    private static void WriteCause(Utf8JsonWriter json, ShutdownCause cause)
    {
        json.WriteBoolean("guest", cause.IsGuest);
        json.WriteString("reason", cause.Reason);
    }

    private void Post(string name, Action<Utf8JsonWriter>? data = null)
    {
        foreach (QmpServer server in servers)
            server.Post(name, data);
    }
}
