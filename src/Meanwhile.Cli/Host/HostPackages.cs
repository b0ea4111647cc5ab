namespace Meanwhile.Cli.Host;

/// <summary>Debian packages that the host must have; installed with apt-get where this process may.</summary>
internal static class HostPackages
{
    /// <summary>Installs the packages of those programs that are missing.</summary>
    /// <param name="needed">Program on the PATH, or absolute path of a file, and the package that brings it.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <exception cref="UserError">They are missing and cannot be installed; the message says which and how.</exception>
    public static void Ensure(IEnumerable<(string Program, string Package)> needed, Action<string> progress)
    {
        string[] missing = [.. needed.Where(need => !IsThere(need.Program)).Select(need => need.Package).Distinct()];
        if (missing.Length == 0)
            return;
        string command = $"apt-get install -y --no-install-recommends {string.Join(' ', missing)}";
        if (!HostCommand.Exists("apt-get"))
            throw new UserError($"this host lacks what Debian's packages {string.Join(", ", missing)} bring, and has no apt-get: install them and try again");
        if (!Environment.IsPrivilegedProcess)
            throw new UserError($"packages are missing: run 'sudo {command}' and try again");
        progress($"installing {string.Join(", ", missing)} (apt-get)");
        (int exitCode, _, _) = HostCommand.TryRun("apt-get", ["install", "-y", "--no-install-recommends", .. missing]);
        if (exitCode == 0)
            return;
        // A fresh machine's package lists are missing or old.
        HostCommand.Run("apt-get", ["update"]);
        HostCommand.Run("apt-get", ["install", "-y", "--no-install-recommends", .. missing]);
    }

    private static bool IsThere(string program) => program.StartsWith('/') ? File.Exists(program) : HostCommand.Exists(program);
}
