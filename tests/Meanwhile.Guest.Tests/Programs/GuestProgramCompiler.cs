using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Meanwhile.Guest.Tests.Programs;

/// <summary>
/// Makes flat binaries of guest programs. A binary is kept in the folder for temporary files under the hash of all that went into it, so that
/// only what changed is compiled. As a fixture it compiles all programs ahead, several at once.
/// </summary>
public sealed class GuestProgramCompiler
{
    private const string Prefix = "aarch64-linux-gnu-";

    // Loops that are memset or memcpy stay loops: there is no C library.
    private static readonly string[] s_compile =
    [
        "-O2", "-Wall", "-Wextra", "-Werror", "-ffreestanding", "-fno-stack-protector", "-fno-pic", "-mgeneral-regs-only", "-mstrict-align",
        "-mno-outline-atomics", "-fno-tree-loop-distribute-patterns", "-I" + Repository.GuestPrograms,
    ];

    private static readonly string[] s_link =
        ["-nostdlib", "-static", "-no-pie", "-Wl,--build-id=none,--no-warn-rwx-segments"];

    private static readonly string[] s_flatten = ["-O", "binary", "--set-section-flags", ".bss=alloc,load,contents"];

    private readonly string folder = Path.Combine(Path.GetTempPath(), "meanwhile-guest-programs");
    private readonly string[] shared = [.. Directory.EnumerateFiles(Repository.GuestPrograms).Order(StringComparer.Ordinal)];
    private readonly Lazy<string[]> sharedObjects;
    private readonly Dictionary<string, Lazy<string>> binaries;

    public GuestProgramCompiler()
    {
        Directory.CreateDirectory(folder);
        sharedObjects = new Lazy<string[]>(() => [.. shared.Where(file => Path.GetExtension(file) is ".c" or ".S").Select(CompileShared)]);
        binaries = GuestProgram.Names().ToDictionary(name => name, name => new Lazy<string>(() => Compile(name)));
        Parallel.ForEach(
            binaries.Values,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            binary =>
            {
                // The test whose program does not compile says so; the others run.
                try
                {
                    _ = binary.Value;
                }
                catch (InvalidOperationException)
                {
                }
            });
    }

    /// <summary>Path of a program's binary.</summary>
    /// <exception cref="InvalidOperationException">It does not compile; the message has the compiler's.</exception>
    public string Binary(string name) => binaries[name].Value;

    private string Compile(string name)
    {
        string source = Path.Combine(Repository.GuestPrograms, name + ".c");
        return Make(Hash([.. shared, source]) + ".bin", binary =>
        {
            string linked = binary + ".elf";
            try
            {
                string script = Path.Combine(Repository.GuestPrograms, "program.lds");
                Run("gcc", [.. s_compile, .. s_link, "-T", script, "-o", linked, .. sharedObjects.Value, source]);
                Run("objcopy", [.. s_flatten, linked, binary]);
            }
            finally
            {
                File.Delete(linked);
            }
        });
    }

    // The headers may be in any of them.
    private string CompileShared(string source) =>
        Make(Hash([source, .. shared]) + ".o", made => Run("gcc", [.. s_compile, "-c", "-o", made, source]));

    /// <summary>Makes a file of the cache unless it is there. Another process may do the same.</summary>
    private string Make(string name, Action<string> make)
    {
        string file = Path.Combine(folder, name);
        if (File.Exists(file))
            return file;
        string unfinished = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            make(unfinished);
            File.Move(unfinished, file, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }

        return file;
    }

    private static string Hash(IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string flag in s_compile.Concat(s_link).Concat(s_flatten))
            hash.AppendData(Encoding.UTF8.GetBytes(flag + "\0"));
        foreach (string file in files)
        {
            // With the name, which a failing program prints.
            hash.AppendData(Encoding.UTF8.GetBytes(file + "\0"));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Run(string tool, IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Prefix + tool, arguments) { RedirectStandardError = true })!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{Prefix}{tool} failed:\n{errors}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new InvalidOperationException($"{Prefix}{tool} is missing: install gcc-aarch64-linux-gnu (./test does)");
        }
    }
}
