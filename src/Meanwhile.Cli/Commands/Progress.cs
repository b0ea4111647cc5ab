using Spectre.Console;

namespace Meanwhile.Cli.Commands;

/// <summary>Says on standard error what takes its time: a spinner on a terminal, a line for each step elsewhere.</summary>
internal static class Progress
{
    /// <summary>Runs <paramref name="work"/>, which tells its steps.</summary>
    public static T Show<T>(string first, Func<Action<string>, T> work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (!console.Profile.Capabilities.Interactive || Console.IsErrorRedirected)
            return work(step => Console.Error.WriteLine($"meanwhile: {step}"));
        return console.Status().Start(Markup.Escape(first), context => work(step =>
        {
            context.Status(Markup.Escape(step));
            context.Refresh();
        }));
    }

    /// <summary>Standard output for tables, wide enough for them where it is no terminal.</summary>
    public static IAnsiConsole Output()
    {
        const int TableWidth = 170;
        IAnsiConsole console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
            console.Profile.Width = TableWidth;
        return console;
    }
}
