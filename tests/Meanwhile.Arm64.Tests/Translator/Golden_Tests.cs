using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Meanwhile.Arm64.Listing;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Arm64.Tests.Translator;

/// <summary>
/// The host code of typical blocks, in Golden/*.txt, so that a change of it is seen where changes are reviewed. A file starts with its guest
/// instructions (<c>&gt; WORD text</c>) and what they are translated for (<c>mode: ...</c>); the rest is written by the test when
/// MEANWHILE_RENEW_GOLDEN is set. Whether the code is right is the business of other tests.
/// </summary>
public unsafe class Golden_Tests
{
    private const string Renew = "MEANWHILE_RENEW_GOLDEN";

    /// <summary>Not this host's: the code must be the same everywhere. What every host with AVX2 has.</summary>
    private static readonly HostFeatures Features = HostFeatures.Baseline with
    {
        Lzcnt = true,
        Bmi1 = true,
        Bmi2 = true,
        Avx = true,
        Avx2 = true,
        Fma = true,
        F16c = true,
        Aes = true,
        Pclmulqdq = true,
    };

    private static readonly string Folder = FindFolder();

    public static TheoryData<string> Blocks() => [.. Directory.GetFiles(Folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void The_host_code_is_what_it_was(string block)
    {
        string file = Path.Combine(Folder, block + ".txt");
        string golden = File.ReadAllText(file);
        string[] header = [.. golden.Split('\n').TakeWhile(line => line.StartsWith('>') || line.StartsWith("mode:", StringComparison.Ordinal))];
        string now = string.Join('\n', header) + "\n\n" + Translate(header);
        if (now == golden)
            return;
        if (Environment.GetEnvironmentVariable(Renew) is not null)
        {
            File.WriteAllText(file, now);
            return;
        }
        Assert.Fail($"The host code of {block} has changed. If it is meant to, set {Renew}=1, run this test again and review the difference.\n{FirstDifference(golden, now)}");
    }

    private static string Translate(string[] header)
    {
        var mode = UnitMode.None;
        List<uint> words = [];
        Dictionary<int, string> text = [];
        foreach (string line in header)
        {
            if (line.StartsWith('>'))
            {
                string[] parts = line[1..].Trim().Split(' ', 2);
                text.Add(words.Count * sizeof(uint), parts[1].Trim());
                words.Add(uint.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            }
            else
            {
                mode = Enum.Parse<UnitMode>(line["mode:".Length..]);
            }
        }
        // The page lives until the listing is made.
        byte* page = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
        try
        {
            NativeMemory.Clear(page, 4096);
            words.ToArray().CopyTo(new Span<uint>(page, words.Count));
            // Its memory lives as long as the process: small.
            var cache = new TranslationCache(1 << 20, Features);
            UnitListing listing = cache.Describe(0, page, mode)!;
            StringBuilder result = new();
            int guest = listing.Pieces.Where(p => p.Kind == PieceKind.Instruction).Select(p => p.PageOffset).Distinct().Count();
            result.Append($"{UnitText.Size(listing)} bytes for {guest} instructions with code of their own\n");
            result.Append(UnitText.Format(listing, cache.Thunks, (offset, _) => text.GetValueOrDefault(offset, "(after the block)")));
            return result.ToString();
        }
        finally
        {
            NativeMemory.AlignedFree(page);
        }
    }

    private static string FirstDifference(string golden, string now)
    {
        string[] was = golden.Split('\n'), @is = now.Split('\n');
        int at = 0;
        while (at < Math.Min(was.Length, @is.Length) && was[at] == @is[at])
            at++;
        const int shown = 12;
        return $"From line {at + 1}, was:\n{string.Join('\n', was.Skip(at).Take(shown))}\nis:\n{string.Join('\n', @is.Skip(at).Take(shown))}";
    }

    private static string FindFolder()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Meanwhile.slnx")))
            directory = directory.Parent;
        return Path.Combine(directory!.FullName, "tests/Meanwhile.Arm64.Tests/Translator/Golden");
    }
}
