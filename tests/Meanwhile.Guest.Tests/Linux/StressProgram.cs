using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Meanwhile.Guest.Tests.Linux;

/// <summary>
/// guest/stress, cross-built and added to a guest's initial RAM disk as <c>/bin/stress</c>: what several CPUs do to each other in user space.
/// Kept in the folder for temporary files under the hash of its sources.
/// </summary>
internal static class StressProgram
{
    private const int Executable = 0x81ED; // A regular file, 0755.

    private static readonly Lazy<string> s_binary = new(Build);

    /// <summary>Path of the static arm64 binary.</summary>
    /// <exception cref="InvalidOperationException">It does not compile.</exception>
    public static string Binary => s_binary.Value;

    /// <summary>An initial RAM disk of everything in <paramref name="initrd"/> and the program. The kernel unpacks one archive after another.</summary>
    public static string AddTo(string initrd)
    {
        byte[] before = File.ReadAllBytes(initrd);
        byte[] program = File.ReadAllBytes(Binary);
        string file = Path.Combine(Folder(), Hash(before, program) + ".cpio");
        if (File.Exists(file))
            return file;
        string unfinished = file + Path.GetRandomFileName();
        using (FileStream stream = File.Create(unfinished))
        {
            stream.Write(before);
            Pad(stream);
            Append(stream, "bin/stress", Executable, program);
            Append(stream, "TRAILER!!!", 0, []);
        }

        File.Move(unfinished, file, overwrite: true);
        return file;
    }

    // The "newc" format of Documentation/driver-api/early-userspace/buffer-format.rst.
    private static void Append(FileStream stream, string name, int mode, byte[] content)
    {
        int[] fields = [mode == 0 ? 0 : 0x7000_0000, mode, 0, 0, 1, 0, content.Length, 0, 0, 0, 0, name.Length + 1, 0];
        stream.Write(Encoding.ASCII.GetBytes("070701" + string.Concat(fields.Select(field => field.ToString("X8"))) + name + "\0"));
        Pad(stream);
        stream.Write(content);
        Pad(stream);
    }

    private static void Pad(FileStream stream) => stream.Write(new byte[-stream.Position & 3]);

    private static string Build()
    {
        string[] sources = [.. Directory.EnumerateFiles(Repository.Stress).Where(file => Path.GetExtension(file) is ".c" or ".h" or "").Order(StringComparer.Ordinal)];
        sources = [.. sources.Where(file => Path.GetFileName(file) != "stress")];
        string binary = Path.Combine(Folder(), Hash([.. sources.Select(File.ReadAllBytes)]));
        if (File.Exists(binary))
            return binary;
        string work = Directory.CreateDirectory(Path.Combine(Folder(), Path.GetRandomFileName())).FullName;
        try
        {
            foreach (string source in sources)
                File.Copy(source, Path.Combine(work, Path.GetFileName(source)));
            Make(work);
            File.Move(Path.Combine(work, "stress"), binary, overwrite: true);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }

        return binary;
    }

    private static void Make(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("make", ["-s", "-C", folder, "stress"]) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"guest/stress does not build (gcc-aarch64-linux-gnu and libc6-dev-arm64-cross must be there; ./test installs them):\n{errors}");
    }

    private static string Folder() => Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "meanwhile-guest-programs")).FullName;

    private static string Hash(params byte[][] contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] content in contents)
        {
            hash.AppendData(BitConverter.GetBytes(content.Length));
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
