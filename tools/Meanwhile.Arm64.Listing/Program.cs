using System.Globalization;
using System.Runtime.InteropServices;
using Meanwhile.Arm64.Listing;
using Meanwhile.Arm64.Translator;

const string Usage = """
    Prints the host code of guest instructions, unit by unit.
      dotnet run --project tools/Meanwhile.Arm64.Listing -- [options] WORD...     instruction words in hexadecimal
      dotnet run --project tools/Meanwhile.Arm64.Listing -- [options] -f FILE     a flat binary
    Options:
      -o OFFSET     of the first instruction in FILE, in hexadecimal; 0 unless given
      -n COUNT      instructions; up to the end of the page unless given
      --el0         at EL0, not EL1
      --upper       in the upper address range
      --no-fp       FP and SIMD trapped
      --baseline    no optional instructions of the host
    """;

try
{
    Request request = Request.Parse(args);
    request.Print(Console.Out);
    return 0;
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"listing: {e.Message}\n{Usage}");
    return 2;
}
catch (IOException e)
{
    Console.Error.WriteLine($"listing: {e.Message}");
    return 2;
}

namespace Meanwhile.Arm64.Listing
{
    /// <summary>What is to be listed.</summary>
    internal sealed unsafe class Request
    {
        private const int PageSize = 0x1000;

        private readonly List<uint> words = [];
        private UnitMode mode = UnitMode.El1 | UnitMode.FpEnabled;
        private HostFeatures features = HostFeatures.Host;
        private int start;

        /// <exception cref="ArgumentException">A word or an option is not one.</exception>
        /// <exception cref="IOException">The file cannot be read.</exception>
        public static Request Parse(string[] arguments)
        {
            var request = new Request();
            string? file = null;
            int offset = 0, count = PageSize / sizeof(uint);
            for (int n = 0; n < arguments.Length; n++)
            {
                string Next() => ++n < arguments.Length ? arguments[n] : throw new ArgumentException($"{arguments[^1]} needs a value");
                switch (arguments[n])
                {
                    case "-f":
                        file = Next();
                        break;
                    case "-o":
                        offset = Hex(Next());
                        break;
                    case "-n":
                        string value = Next();
                        if (!int.TryParse(value, CultureInfo.InvariantCulture, out count) || count <= 0)
                            throw new ArgumentException($"'{value}' is no number of instructions");
                        break;
                    case "--el0":
                        request.mode &= ~UnitMode.El1;
                        break;
                    case "--upper":
                        request.mode |= UnitMode.UpperRange;
                        break;
                    case "--no-fp":
                        request.mode &= ~UnitMode.FpEnabled;
                        break;
                    case "--baseline":
                        request.features = HostFeatures.Baseline;
                        break;
                    default:
                        request.words.Add((uint)Hex(arguments[n]));
                        break;
                }
            }
            if (file is not null)
                request.Read(file, offset, count);
            if (request.words.Count == 0)
                throw new ArgumentException("no instructions are given");
            if (request.start + (request.words.Count * sizeof(uint)) > PageSize)
                throw new ArgumentException("units end with their page: give fewer instructions");
            return request;
        }

        /// <summary>Lists units until all words are in one.</summary>
        public void Print(TextWriter output)
        {
            byte* page = (byte*)NativeMemory.AlignedAlloc(PageSize, PageSize);
            try
            {
                NativeMemory.Clear(page, PageSize);
                words.ToArray().CopyTo(new Span<uint>(page + start, words.Count));
                string[] guest = GuestText.Of(words.ToArray());
                // Its memory lives as long as the process.
                var cache = new TranslationCache(features: features);
                for (int at = start; at < start + (words.Count * sizeof(uint));)
                {
                    UnitListing listing = cache.Describe((ulong)at, page, mode)!;
                    output.WriteLine($"unit {at:x3}, {mode}, {UnitText.Size(listing)} bytes");
                    output.WriteLine(UnitText.Format(listing, cache.Thunks, (offset, _) => TextAt(guest, offset)));
                    at = listing.Pieces.Max(p => p.PageOffset) + sizeof(uint);
                }
            }
            finally
            {
                NativeMemory.AlignedFree(page);
            }
        }

        private string TextAt(string[] guest, int offset)
        {
            int index = (offset - start) / sizeof(uint);
            return index < guest.Length ? guest[index] : "(after the last word)";
        }

        private void Read(string file, int offset, int count)
        {
            byte[] content = File.ReadAllBytes(file);
            if ((offset & 3) != 0 || offset < 0 || offset >= content.Length)
                throw new ArgumentException($"{file} has no instruction at {offset:x}");
            start = offset & (PageSize - 1);
            int available = Math.Min(content.Length - offset, PageSize - start) / sizeof(uint);
            words.AddRange(MemoryMarshal.Cast<byte, uint>(content.AsSpan(offset))[..Math.Min(count, available)].ToArray());
        }

        private static int Hex(string text)
        {
            string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
            return uint.TryParse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint value)
                ? (int)value
                : throw new ArgumentException($"'{text}' is no hexadecimal number and no option");
        }
    }
}
