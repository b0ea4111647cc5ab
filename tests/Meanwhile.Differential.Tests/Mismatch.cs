using System.Text;

namespace Meanwhile.Differential.Tests;

/// <summary>Compares two results of a record, and explains what differs.</summary>
internal static unsafe class Mismatch
{
    public static bool AreEqual(in Result ours, in Result theirs)
    {
        if (ours.Outcome != theirs.Outcome || ours.Pc != theirs.Pc || ours.Nzcv != theirs.Nzcv || ours.Fpsr != theirs.Fpsr || ours.Fpcr != theirs.Fpcr)
            return false;
        fixed (Result* a = &ours, b = &theirs)
        {
            return new ReadOnlySpan<ulong>(a->X, 32).SequenceEqual(new ReadOnlySpan<ulong>(b->X, 32))
                && new ReadOnlySpan<ulong>(a->V, 64).SequenceEqual(new ReadOnlySpan<ulong>(b->V, 64))
                && new ReadOnlySpan<byte>(a->Window, GuestLayout.WindowBytes).SequenceEqual(new ReadOnlySpan<byte>(b->Window, GuestLayout.WindowBytes));
        }
    }

    /// <summary>The instruction completed, and a register, a flag, memory or the program counter is not what it would be without it.</summary>
    public static bool HasEffect(in Record record, in Result result)
    {
        if (result.Outcome == Outcome.Branched)
            return true;
        if (result.Outcome != Outcome.FellThrough)
            return false;
        if (result.Nzcv != record.Nzcv || result.Fpsr != record.Fpsr)
            return true;
        byte* window = stackalloc byte[GuestLayout.WindowBytes];
        GuestLayout.Fill(window, GuestLayout.WindowBytes, record.MemorySeed);
        fixed (Record* before = &record)
        fixed (Result* after = &result)
        {
            return !new ReadOnlySpan<ulong>(before->X, 32).SequenceEqual(new ReadOnlySpan<ulong>(after->X, 32))
                || !new ReadOnlySpan<ulong>(before->V, 64).SequenceEqual(new ReadOnlySpan<ulong>(after->V, 64))
                || !new ReadOnlySpan<byte>(window, GuestLayout.WindowBytes).SequenceEqual(new ReadOnlySpan<byte>(after->Window, GuestLayout.WindowBytes));
        }
    }

    /// <summary>The instructions, and the registers that they may name or that differ: before, ours, theirs.</summary>
    public static string Explain(in Record record, in Result ours, in Result theirs)
    {
        StringBuilder text = new();
        uint[] words = new uint[record.Length];
        for (int n = 0; n < words.Length; n++)
            words[n] = record.Code[n];
        foreach ((uint word, string listing) in words.Zip(QemuUser.Disassemble(words)))
            text.AppendLine($"{word:x8}  {listing}");
        text.AppendLine($"    {"",-8} {"before",-34} {"ours",-34} {"qemu",-34}");
        Line(text, "outcome", "", $"{ours.Outcome}", $"{theirs.Outcome}", always: ours.Outcome != Outcome.FellThrough);
        Line(text, "pc", "", $"{ours.Pc:x8}", $"{theirs.Pc:x8}");
        Line(text, "nzcv", $"{record.Nzcv:x8}", $"{ours.Nzcv:x8}", $"{theirs.Nzcv:x8}");
        Line(text, "fpcr", $"{record.Fpcr:x8}", $"{ours.Fpcr:x8}", $"{theirs.Fpcr:x8}", always: true);
        Line(text, "fpsr", $"{record.Fpsr:x8}", $"{ours.Fpsr:x8}", $"{theirs.Fpsr:x8}", always: true);
        HashSet<uint> named = [], namedVectors = [];
        for (int n = 0; n < record.Length; n++)
        {
            uint word = record.Code[n];
            named.UnionWith([word & 31, word >> 5 & 31, word >> 10 & 31, word >> 16 & 31]);
            if ((word & 0x0400_0000) != 0)
                namedVectors.UnionWith([word & 31, word >> 5 & 31, word >> 10 & 31, word >> 16 & 31]);
        }
        for (int n = 0; n < 32; n++)
        {
            Line(text, n == 31 ? "sp" : $"x{n}", $"{record.X[n]:x16}", $"{ours.X[n]:x16}", $"{theirs.X[n]:x16}", named.Contains((uint)n));
        }
        for (int n = 0; n < 32; n++)
        {
            Line(
                text,
                $"v{n}",
                $"{record.V[(2 * n) + 1]:x16}_{record.V[2 * n]:x16}",
                $"{ours.V[(2 * n) + 1]:x16}_{ours.V[2 * n]:x16}",
                $"{theirs.V[(2 * n) + 1]:x16}_{theirs.V[2 * n]:x16}",
                namedVectors.Contains((uint)n));
        }
        byte* before = stackalloc byte[GuestLayout.WindowBytes];
        GuestLayout.Fill(before, GuestLayout.WindowBytes, record.MemorySeed);
        for (int at = 0; at < GuestLayout.WindowBytes; at++)
        {
            string address = $"{GuestLayout.Window + (ulong)at:x8}";
            Line(text, address, $"{before[at]:x2}", $"{ours.Window[at]:x2}", $"{theirs.Window[at]:x2}");
        }
        return text.ToString();
    }

    private static void Line(StringBuilder text, string name, string before, string ours, string theirs, bool always = false)
    {
        if (ours != theirs)
            text.AppendLine($"  * {name,-8} {before,-34} {ours,-34} {theirs,-34}");
        else if (always)
            text.AppendLine($"    {name,-8} {before,-34} {ours,-34} {theirs,-34}");
    }
}
