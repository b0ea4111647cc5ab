using System.Text;
using System.Text.RegularExpressions;
using Iced.Intel;
using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Arm64.Listing;

/// <summary>
/// Host code as text, below the guest instructions that it came from. Nothing in it depends on where code and state are: jumps have labels or
/// the names of thunks, constants and the state's fields their names.
/// </summary>
internal static unsafe partial class UnitText
{
    private const string Indent = "        ";

    /// <param name="listing">The unit.</param>
    /// <param name="thunks">The thunks of its cache.</param>
    /// <param name="guest">Text of an instruction at an offset of the page.</param>
    public static string Format(UnitListing listing, Thunks thunks, Func<int, uint, string> guest)
    {
        var instructions = listing.Pieces.Select(Decode).ToArray();
        SortedDictionary<ulong, int> constants = Constants(listing, instructions);
        Dictionary<ulong, string> labels = Labels(listing, thunks, instructions, constants);
        var formatter = new IntelFormatter(new Symbols(labels, listing));
        formatter.Options.SpaceAfterOperandSeparator = true;
        formatter.Options.BranchLeadingZeros = false;
        var output = new StringOutput();
        StringBuilder text = new();
        for (int n = 0; n < instructions.Length; n++)
        {
            UnitListing.Piece piece = listing.Pieces[n];
            text.Append(piece.Kind switch
            {
                PieceKind.BlockStart => $"{piece.PageOffset:x3}: block\n",
                PieceKind.Instruction => $"{piece.PageOffset:x3}: {piece.Word:x8}  {guest(piece.PageOffset, piece.Word)}\n",
                PieceKind.OutOfLine => $"{piece.PageOffset:x3}: out of line: {guest(piece.PageOffset, piece.Word)}\n",
                _ => "end\n",
            });
            if (constants.Keys.Any(address => Contains(piece, address)))
            {
                foreach ((ulong address, int size) in constants.Where(c => Contains(piece, c.Key)))
                    text.Append($"{labels[address]}:\n{Indent}{Convert.ToHexString(new ReadOnlySpan<byte>((void*)address, size))}\n");
                continue;
            }
            foreach (Instruction instruction in instructions[n])
            {
                if (labels.TryGetValue(instruction.IP, out string? label))
                    text.Append($"{label}:\n");
                formatter.Format(in instruction, output);
                text.Append($"{Indent}{NameField(output.ToStringAndReset(), in instruction)}\n");
            }
        }
        return text.ToString();
    }

    /// <summary>Bytes of host code.</summary>
    public static int Size(UnitListing listing) => listing.Pieces.Sum(p => p.Length);

    private static List<Instruction> Decode(UnitListing.Piece piece)
    {
        // The bytes that the emitter wrote, which are mapped as long as the cache.
        byte[] bytes = new ReadOnlySpan<byte>((void*)piece.Address, piece.Length).ToArray();
        var decoder = Iced.Intel.Decoder.Create(64, new ByteArrayCodeReader(bytes), (ulong)piece.Address);
        List<Instruction> instructions = [];
        while (decoder.IP < (ulong)(piece.Address + piece.Length))
            instructions.Add(decoder.Decode());
        return instructions;
    }

    private static bool Contains(UnitListing.Piece piece, ulong address) => address - (ulong)piece.Address < (ulong)piece.Length;

    /// <summary>Addresses and sizes of what the code reads of itself. Its pieces out of line hold nothing else.</summary>
    private static SortedDictionary<ulong, int> Constants(UnitListing listing, List<Instruction>[] instructions)
    {
        SortedDictionary<ulong, int> constants = [];
        foreach (Instruction instruction in instructions.SelectMany(i => i))
        {
            if (instruction.IsIPRelativeMemoryOperand && instruction.Mnemonic != Mnemonic.Lea
                && listing.Pieces.Any(p => p.Kind == PieceKind.OutOfLine && Contains(p, instruction.IPRelativeMemoryAddress)))
                constants[instruction.IPRelativeMemoryAddress] = instruction.MemorySize.GetSize();
        }
        return constants;
    }

    private static Dictionary<ulong, string> Labels(
        UnitListing listing, Thunks thunks, List<Instruction>[] instructions, SortedDictionary<ulong, int> constants)
    {
        Dictionary<ulong, string> labels = new()
        {
            [(ulong)thunks.Lookup] = "Lookup",
            [(ulong)thunks.Link] = "Link",
            [(ulong)thunks.BudgetSpent] = "BudgetSpent",
            [(ulong)thunks.CallHandler] = "CallHandler",
        };
        var starts = instructions.SelectMany(i => i).Select(i => i.IP).ToHashSet();
        var targets = new SortedSet<ulong>();
        foreach (Instruction instruction in instructions.SelectMany(i => i))
        {
            if (instruction.NearBranchTarget is not 0 and ulong target && starts.Contains(target) && !constants.ContainsKey(target))
                targets.Add(target);
        }
        foreach (ulong address in constants.Keys)
            labels.Add(address, $"C{labels.Count - 4}");
        int thunksAndConstants = labels.Count - 1;
        foreach (ulong target in targets)
            labels.TryAdd(target, target == (ulong)listing.Entry ? "Entry" : $"L{labels.Count - thunksAndConstants}");
        return labels;
    }

    private static string NameField(string text, in Instruction instruction)
    {
        if (instruction.MemoryBase != Register.RBP)
            return text;
        string index = instruction.MemoryIndex == Register.None ? "" : $"+{instruction.MemoryIndex}*{instruction.MemoryIndexScale}".ToLowerInvariant();
        return StateOperand().Replace(text, $"[{StateFields.Name((int)instruction.MemoryDisplacement64)}{index}]", 1);
    }

    [GeneratedRegex(@"\[rbp[^\]]*\]")]
    private static partial Regex StateOperand();

    private sealed class Symbols(Dictionary<ulong, string> labels, UnitListing listing) : ISymbolResolver
    {
        public bool TryGetSymbol(in Instruction instruction, int operand, int instructionOperand, ulong address, int addressSize, out SymbolResult symbol)
        {
            symbol = default;
            if (addressSize != 8)
                return false;
            if (labels.TryGetValue(address, out string? name))
                symbol = new SymbolResult(address, name);
            else if (address - (ulong)listing.Handlers < (ulong)listing.HandlerCount * (ulong)sizeof(Insn))
                symbol = new SymbolResult(address, $"handler of {((Insn*)address)->Word:x8}");
            else if (instruction.IsIPRelativeMemoryOperand)
                symbol = new SymbolResult(address, "site"); // The displacement of the jump that asks to be linked.
            else
                return false;
            return true;
        }
    }
}
