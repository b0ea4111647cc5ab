using System.CommandLine;
using Meanwhile.Cli.Commands;
using Meanwhile.Cli.Host;

var root = new RootCommand("Meanwhile runs arm64 virtual machines whose memory can arrive late, and whose tasks do not wait for it.")
{
    DemoCommand.Create(),
    RunCommand.Create(),
    MonitorCommand.Create(),
    MigrateCommand.Create(),
    SnapshotCommand.Create(),
    GuestCommand.Create(),
    BenchCommand.Create(),
};
try
{
    ParseResult parse = root.Parse(args.Length == 0 ? ["--help"] : args);
    if (parse.Errors.Count > 0)
    {
        foreach (var error in parse.Errors)
            Console.Error.WriteLine($"meanwhile: {error.Message}");
        Console.Error.WriteLine("Try 'meanwhile --help'.");
        return 2;
    }
    return parse.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (UserError error)
{
    Console.Error.WriteLine($"meanwhile: {error.Message}");
    return 2;
}
