using System.Diagnostics;

namespace Meanwhile.Cli.Host;

/// <summary>Runs a program of the host and keeps what it prints.</summary>
internal static class HostCommand
{
    /// <summary>Runs it to its end and gives its standard output.</summary>
    /// <exception cref="UserError">It is not there, or it failed; the message has the end of what it said.</exception>
    public static string Run(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? directory = null)
    {
        (int exitCode, string output, string error) = TryRun(program, arguments, environment, directory);
        if (exitCode == 0)
            return output;
        string said = (error + output).Trim();
        string tail = said.Length > 1500 ? "…" + said[^1500..] : said;
        throw new UserError($"'{program} {string.Join(' ', arguments)}' failed with exit code {exitCode}:\n{tail}");
    }

    /// <summary>Runs it to its end, whatever its exit code.</summary>
    public static (int ExitCode, string Output, string Error) TryRun(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? directory = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = directory ?? "",
        };
        start.Environment["LC_ALL"] = "C";
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new UserError($"'{program}' cannot be started ({exception.Message}): install it and try again");
        }
    }

    /// <summary>True when <paramref name="program"/> is on the PATH.</summary>
    public static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));
}
