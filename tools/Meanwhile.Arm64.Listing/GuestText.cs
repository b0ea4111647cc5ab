using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Meanwhile.Arm64.Decoding;

namespace Meanwhile.Arm64.Listing;

/// <summary>Guest instructions as text: by binutils where the host has it for aarch64, else the names of their encodings.</summary>
internal static class GuestText
{
    /// <summary>One line for each word.</summary>
    public static string[] Of(ReadOnlySpan<uint> words)
    {
        string[] names = new string[words.Length];
        for (int n = 0; n < names.Length; n++)
            names[n] = Decoder.Instance.Decode(words[n])?.Name ?? "undefined";
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, MemoryMarshal.AsBytes(words));
            var start = new ProcessStartInfo("aarch64-linux-gnu-objdump", ["-D", "-b", "binary", "-m", "aarch64", "-z", file]) { RedirectStandardOutput = true };
            using Process objdump = Process.Start(start)!;
            string[] lines = [.. objdump.StandardOutput.ReadToEnd().Split('\n').Where(line => line.Contains(":\t"))];
            objdump.WaitForExit();
            // "   0:\t8b020020 \tadd\tx0, x1, x2"
            return lines.Length == names.Length ? [.. lines.Select(line => string.Join(' ', line.Split('\t')[2..]))] : names;
        }
        catch (Win32Exception)
        {
            return names;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
