using System.Globalization;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Commands;

/// <summary>Sizes, times and numbers as users write them.</summary>
internal static class Quantity
{
    private const long Mebibyte = 1L << 20;

    // A unit that another one ends with comes after that one.
    private static readonly (string Unit, long Factor)[] SizeUnits =
        [("KiB", 1L << 10), ("MiB", Mebibyte), ("GiB", 1L << 30), ("K", 1L << 10), ("M", Mebibyte), ("G", 1L << 30), ("", Mebibyte)];

    private static readonly (string Unit, long Factor)[] TimeUnits =
        [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("", 1_000)];

    /// <summary>Parses "512M", "4GiB", "1024" (MiB) into bytes, more than none.</summary>
    /// <exception cref="UserError">It is no size; names <paramref name="option"/>.</exception>
    public static long Size(string option, string text) =>
        Scaled(text, SizeUnits) is { } bytes && bytes > 0 ? bytes : throw new UserError($"{option}: '{text}' is no size (try 512M or 4G)");

    /// <summary>Parses a size into whole mebibytes, at least one.</summary>
    /// <exception cref="UserError">It is no size, or too small or large; names <paramref name="option"/>.</exception>
    public static int Mebibytes(string option, string text)
    {
        long mebibytes = Size(option, text) / Mebibyte;
        return mebibytes is > 0 and <= int.MaxValue ? (int)mebibytes : throw new UserError($"{option}: '{text}' is out of range (try 96M or 4G)");
    }

    /// <summary>Parses "1ms", "200us", "3s", "500" (microseconds) into nanoseconds.</summary>
    /// <exception cref="UserError">It is no time; names <paramref name="option"/>.</exception>
    public static long Nanoseconds(string option, string text) =>
        Scaled(text, TimeUnits) ?? throw new UserError($"{option}: '{text}' is no time (try 1ms or 200us)");

    /// <summary>A number that must be between two others, or equal one.</summary>
    /// <exception cref="UserError">It is not; names <paramref name="option"/> and the range.</exception>
    public static int InRange(string option, int value, int low, int high) =>
        value >= low && value <= high ? value : throw new UserError($"{option}: {value} is not in {low}..{high}");

    private static long? Scaled(string text, (string Unit, long Factor)[] units)
    {
        text = text.Trim();
        (string unit, long factor) = units.First(candidate => text.EndsWith(candidate.Unit, StringComparison.OrdinalIgnoreCase));
        bool isNumber = long.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out long value);
        return isNumber && value <= long.MaxValue / factor ? value * factor : null;
    }
}
