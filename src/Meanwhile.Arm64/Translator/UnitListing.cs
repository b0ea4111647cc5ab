namespace Meanwhile.Arm64.Translator;

/// <summary>Which host code the instructions of a unit became. Filled by <see cref="TranslationCache.Describe"/>, for listings.</summary>
internal sealed class UnitListing
{
    private readonly List<Piece> pieces = [];

    /// <summary>Entry of the unit.</summary>
    public nint Entry { get; set; }

    /// <summary>The first of the instructions that it has for handlers (<see cref="Interpreter.Insn"/>).</summary>
    public nint Handlers { get; set; }

    /// <summary>How many they are.</summary>
    public int HandlerCount { get; set; }

    /// <summary>The pieces in the order of their addresses; those out of line come last.</summary>
    public IReadOnlyList<Piece> Pieces => pieces;

    /// <summary>Adds a piece, unless it is empty.</summary>
    public void Add(int pageOffset, uint word, PieceKind kind, nint address, int length)
    {
        if (length > 0)
            pieces.Add(new Piece(pageOffset, word, kind, address, length));
    }

    /// <summary>Forgets all: the unit is made anew.</summary>
    public void Clear() => pieces.Clear();

    /// <summary>Host code that belongs to one guest instruction.</summary>
    /// <param name="PageOffset">Offset of the instruction in its page.</param>
    /// <param name="Word">The instruction.</param>
    /// <param name="Kind">What the code is for.</param>
    /// <param name="Address">Where it is executed.</param>
    /// <param name="Length">Bytes.</param>
    public readonly record struct Piece(int PageOffset, uint Word, PieceKind Kind, nint Address, int Length);
}

/// <summary>What a piece of host code is for.</summary>
internal enum PieceKind
{
    /// <summary>The start of a block: attention and budget.</summary>
    BlockStart,

    /// <summary>The instruction itself.</summary>
    Instruction,

    /// <summary>What is rare of either, after the unit's body.</summary>
    OutOfLine,

    /// <summary>After the last instruction: the way to the next.</summary>
    End,
}
