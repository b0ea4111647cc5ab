using System.Security.Cryptography;
using System.Text;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Guest;

/// <summary>What the benchmarks have in <c>/bench</c>: scripts, our programs and a key; the same for each processor but for the compiler.</summary>
/// <param name="folder">Where to work, and where the key is kept.</param>
internal sealed class BenchFiles(string folder)
{
    /// <summary>Adds them to an archive.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="crossCompile">Prefix of the compiler's name: "aarch64-linux-gnu-", or nothing for the host's own.</param>
    public void Add(CpioArchive archive, string crossCompile)
    {
        byte[] kernels = Kernels(crossCompile);
        foreach (string name in (string[])["bench", "bench/programs", "bench/workloads"])
            archive.AddDirectory(name);
        foreach ((string name, byte[] content) in GuestSources.Files("bench"))
            archive.AddFile("bench/" + name, content, executable: !name.Contains('/', StringComparison.Ordinal));
        archive.AddFile("bench/kernels", kernels, executable: true);
        archive.AddFile("bench/rsa.pem", RsaKey(), executable: false);
    }

    private byte[] Kernels(string crossCompile)
    {
        string programs = Path.Combine(folder, crossCompile + "programs");
        GuestSources.Write("bench/programs", programs);
        HostCommand.Run("make", ["-C", programs, $"CROSS_COMPILE={crossCompile}", "kernels"]);
        byte[] kernels = File.ReadAllBytes(Path.Combine(programs, "kernels"));
        Directory.Delete(programs, recursive: true);
        return kernels;
    }

    /// <summary>A key for the benchmark alone; kept, so that all its signatures are the same work.</summary>
    private byte[] RsaKey()
    {
        const int Bits = 4096;
        string file = Path.Combine(folder, "rsa.pem");
        if (!File.Exists(file))
        {
            using var key = RSA.Create(Bits);
            File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem() + "\n", Encoding.ASCII);
        }
        return File.ReadAllBytes(file);
    }
}
