using System.Text;
using Iced.Intel;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Differential.Tests.Engines;

/// <summary>Host code as text, below the guest instructions that it came from.</summary>
internal static unsafe class HostListing
{
    /// <param name="listing">The unit.</param>
    /// <param name="disassemble">Text of guest words.</param>
    public static string Format(UnitListing listing, Func<uint[], string[]> disassemble)
    {
        StringBuilder text = new();
        string[] guest = disassemble([.. listing.Pieces.Select(p => p.Word)]);
        var formatter = new IntelFormatter();
        var output = new StringOutput();
        for (int n = 0; n < listing.Pieces.Count; n++)
        {
            UnitListing.Piece piece = listing.Pieces[n];
            text.AppendLine(piece.Kind switch
            {
                PieceKind.BlockStart => $"{piece.PageOffset:x3}: block",
                PieceKind.Instruction => $"{piece.PageOffset:x3}: {piece.Word:x8}  {guest[n]}",
                PieceKind.OutOfLine => $"{piece.PageOffset:x3}, out of line: {guest[n]}",
                _ => "end",
            });
            // The bytes that the emitter wrote, which are mapped as long as the cache.
            byte[] bytes = new ReadOnlySpan<byte>((void*)piece.Address, piece.Length).ToArray();
            var decoder = Iced.Intel.Decoder.Create(64, new ByteArrayCodeReader(bytes), (ulong)piece.Address);
            while (decoder.IP < (ulong)(piece.Address + piece.Length))
            {
                decoder.Decode(out Instruction instruction);
                formatter.Format(in instruction, output);
                text.AppendLine($"        {instruction.IP:x}  {output.ToStringAndReset()}");
            }
        }
        return text.ToString();
    }
}
