using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Meanwhile.Cli.Host;
using Meanwhile.Memory;

namespace Meanwhile.Cli.Bench.Migration.Real;

/// <summary>One side's migrations at one bandwidth, a round each.</summary>
/// <param name="Bandwidth">Bytes per second; 0: no limit.</param>
/// <param name="Side">Whose.</param>
/// <param name="Runs">What they cost.</param>
internal sealed record MigrationSeries(long Bandwidth, MigrationSide Side, List<MigrationFigures> Runs);

/// <summary>
/// Post-copy migrations of a working guest between two processes over loopback sockets, on the real clock. The sides take turns within a
/// round, and so does which of them is first: what else the host does, and what gets slower with time, meets all alike.
/// </summary>
/// <param name="sides">Who is measured.</param>
/// <param name="bandwidths">Bytes per second; 0: no limit.</param>
/// <param name="rounds">How often.</param>
/// <param name="progress">Told of each step.</param>
internal sealed class RealMigrationBench(IReadOnlyList<MigrationSide> sides, IReadOnlyList<long> bandwidths, int rounds, Action<string> progress)
{
    private const int SteadyBeats = 30;

    // Only so that a machine that hangs ends: much longer than the slowest step of either takes on a busy host.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // A host that is itself a virtual machine gives what the last processes have freed back to its own host, some seconds later, and its processors stand
    // still for that, 16 ms at a time.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(8);

    /// <summary>Pages of the guests' RAM.</summary>
    public long Pages { get; init; }

    /// <summary>Runs everything.</summary>
    /// <exception cref="UserError">A machine failed.</exception>
    public IReadOnlyList<MigrationSeries> Run() => Run(Migrate);

    /// <summary>The same with another way to make a migration.</summary>
    internal IReadOnlyList<MigrationSeries> Run(Func<MigrationSide, long, MigrationFigures> migrate)
    {
        MigrationSeries[] all = [.. bandwidths.SelectMany(bandwidth => sides.Select(side => new MigrationSeries(bandwidth, side, [])))];
        for (int round = 1; round <= rounds; round++)
        {
            foreach (MigrationSeries series in bandwidths.SelectMany(bandwidth => Turns(all.Where(series => series.Bandwidth == bandwidth), round)))
            {
                string what = $"round {round} of {rounds}, {Name(series.Bandwidth)}, {series.Side.Name}";
                progress(what);
                try
                {
                    MigrationFigures figures = migrate(series.Side, series.Bandwidth);
                    series.Runs.Add(figures);
                    progress(string.Create(
                        CultureInfo.InvariantCulture, $"{what}: {figures.TotalMs:F0} ms, stopped {figures.StopMs:F1} ms, longest gap {figures.LongestGapMs:F1} ms, calculation {figures.Calculation:F2}"));
                }
                catch (UserError error)
                {
                    throw new UserError($"{what}: {error.Message}");
                }
            }
        }
        return all;
    }

    /// <summary>A bandwidth as it is shown.</summary>
    public static string Name(long bandwidth) => bandwidth == 0 ? "unlimited" : string.Create(CultureInfo.InvariantCulture, $"{bandwidth / 1e6:0.##} MB/s");

    private static IEnumerable<MigrationSeries> Turns(IEnumerable<MigrationSeries> series, int round) => round % 2 == 1 ? series : series.Reverse();

    private MigrationFigures Migrate(MigrationSide side, long bandwidth)
    {
        Thread.Sleep(Rest);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("meanwhile-migration-");
        try
        {
            string first = Path.Combine(folder.FullName, "source"), second = Path.Combine(folder.FullName, "destination");
            using var source = new MachineProcess(side.Command(first, false), first);
            using var destination = new MachineProcess(side.Command(second, true), second);
            var plan = new MigrationPlan(bandwidth, Pages, side.Preempts, SteadyBeats, Patience);
            return new RealMigration(source, destination, plan, $"tcp:127.0.0.1:{FreePort()}", MachineProcess.Now, bandwidth == 0 ? () => HostMemory.Touch(Pages * GuestRam.PageSize) : null).Run();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
