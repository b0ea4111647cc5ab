using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <summary>Emits the host code of one unit. What the groups of instructions share: operands, flags, and the ways out.</summary>
/// <remarks>
/// <para>A block of a unit charges the budget for all its instructions when it starts; what leaves earlier gives the rest back. Code has a portion of the
/// budget at a time, and looks for what needs attention when that is spent: so no block and no loop has to.</para>
/// <para>Anything rare is emitted out of line, after the unit's body: <see cref="Defer"/>.</para>
/// Unsafe: it writes through <see cref="Assembler"/>, whose room it looks at before each piece, and into instructions that the cache allocated.
/// </remarks>
internal sealed unsafe partial class UnitEmitter(Assembler assembler, Thunks thunks, HostFeatures features, bool counting = false)
{
    private readonly List<(Action Emit, int Index, FlagSource State, FlagsForm Flags)> deferred = [];
    private readonly nint[] labels = new nint[Unit.MaxLength + 1];
    private readonly List<(nint Site, int Target, FlagSource State)> pendingJumps = [];
    private readonly int[] handlerOf = new int[Unit.MaxLength];
    private Unit unit = null!;
    private Insn* insns;
    private int firstHandler;
    private int index;
    private int chargedUpTo;
    private bool flagsInMemory;

    /// <summary>The assembler.</summary>
    public Assembler A => assembler;

    /// <summary>What of the host's optional instructions may be emitted.</summary>
    public HostFeatures Features => features;

    /// <summary>What the unit is specialised for.</summary>
    public UnitMode Mode { get; private set; }

    /// <summary>Offset of the current instruction in its page.</summary>
    public int PageOffset => unit.Start + (index * sizeof(uint));

    /// <summary>How many of the instructions for handlers the unit needed.</summary>
    public int HandlersUsed { get; private set; }

    /// <summary>Where to note which code belongs to which instruction; null: nowhere.</summary>
    public UnitListing? Listing { get; set; }

    /// <summary>What the host's flags hold now.</summary>
    public FlagsForm Flags { get; private set; }

    /// <summary>Emits <paramref name="source"/>; returns the address of its entry, or 0 when the assembler's buffer has no room for it.</summary>
    /// <param name="source">The unit.</param>
    /// <param name="mode">What it is specialised for.</param>
    /// <param name="handlers">The arena of instructions for handlers.</param>
    /// <param name="first">The first free one in it, from which on there is room for as many as the unit has; they live as long as the code.</param>
    public nint Emit(Unit source, UnitMode mode, Insn* handlers, int first)
    {
        unit = source;
        Mode = mode;
        insns = handlers;
        firstHandler = first;
        HandlersUsed = 0;
        deferred.Clear();
        vectorConstants.Clear();
        pendingJumps.Clear();
        Array.Clear(labels, 0, source.Length + 1);
        Array.Clear(handlerOf, 0, source.Length);
        ClearEntries();
        A.Align(16);
        nint entry = A.Address;
        AssumeFlags(default);
        constantIndex = -2;
        fusedIndex = -1;
        mapping = RegisterMapping.Canonical;
        // Into the first block.
        bool falls = true;
        for (index = 0; index < unit.Length; index++)
        {
            if (A.IsFull)
                return 0;
            if (!unit.IsReached[index])
            {
                if (falls)
                    throw new InvalidOperationException("A path runs out of its unit.");
                continue;
            }
            if (unit.IsBlockStart(index))
            {
                nint before = A.Address;
                RegisterMapping next = unit.Loops.Mapping(index);
                if (falls)
                    Exchange(mapping, next);
                mapping = next;
                EnterBlock(falls);
                labels[index] = A.Address;
                EmitBlockStart();
                Note(PieceKind.BlockStart, before);
            }
            if (!TryEmitRun())
            {
                nint start = A.Address;
                EmitOne();
                Note(PieceKind.Instruction, start);
            }
            NoteWriter(unit.Translations[index].Traits);
            falls = (unit.Translations[index].Traits & Traits.EndsPath) == 0;
        }
        nint end = A.Address;
        index = unit.Length - 1;
        if (falls)
            JumpToOffset(unit.Start + (unit.Length * sizeof(uint)));
        Note(PieceKind.End, end);
        for (int n = 0; n < deferred.Count; n++)
        {
            if (A.IsFull)
                return 0;
            nint start = A.Address;
            index = deferred[n].Index;
            mapping = unit.Loops.Mapping(index);
            AssumeFlags(deferred[n].State);
            Flags = deferred[n].Flags;
            stackPointerChecked = false;
            deferred[n].Emit();
            index = deferred[n].Index;
            Note(PieceKind.OutOfLine, start);
            // Some lead to what is to be emitted still.
            if (n == deferred.Count - 1)
                BindJumps();
        }
        if (A.IsFull)
            return 0;
        return pendingJumps.Count == 0 ? entry : throw new InvalidOperationException("A jump within a unit leads nowhere.");
    }

    private void EmitOne()
    {
        Translation translation = unit.Translations[index];
        uint word = unit.Words[index];
        PrepareFlags(word, translation);
        if (translation.Emit == null)
            CallHandler();
        else
            translation.Emit(this, word);
        ForgetOverwritten(word, translation.Traits);
        ForgetCopiesAfter(word, translation.Traits);
        ForgetStackPointerAfter(word, translation.Traits);
    }

    private void EmitBlockStart()
    {
        ForgetCopies();
        stackPointerChecked = false;
        ClobberFlags();
        int length = 1;
        while (index + length < unit.Length && unit.IsReached[index + length] && !unit.IsBlockStart(index + length)
            && (unit.Translations[index + length - 1].Traits & Traits.EndsPath) == 0)
            length++;
        chargedUpTo = index + length;
        int offset = PageOffset;
        nint start = A.Address;
        A.AluImmediate(Arithmetic.Sub, true, Budget, length);
        byte* spent = A.JumpForwardIf(HostCondition.Sign);
        Defer(() =>
        {
            A.Bind(spent);
            StoreFlags();
            ToCanonical();
            A.MovImmediate(Register.Rax, (uint)(length << Thunks.OffsetBits | offset));
            A.Call(thunks.BudgetSpent);
            FromHandler();
            A.Jump(start);
        });
        Count(BlocksExecuted);
    }

    /// <summary>Adds to a counter of the state, where translated code counts. Changes the host's flags.</summary>
    private void Count(int counter, int times = 1)
    {
        if (counting)
            A.AluImmediate(Arithmetic.Add, true, Field(counter), times);
    }

    /// <summary>Emits something after the unit's body.</summary>
    public void Defer(Action emit) => deferred.Add((emit, index, flagsInMemory ? default : flagSource, FlagsForm.None));

    /// <summary>The same, for what is reached by a jump that keeps the host's flags.</summary>
    private void DeferWithFlags(Action emit) => deferred.Add((emit, index, FlagState, Flags));

    private void Note(PieceKind kind, nint start) => Listing?.Add(PageOffset, unit.Words[index], kind, start, (int)(A.Address - start));

    /// <summary>Executes the current instruction by its handler, in line.</summary>
    public void CallHandler()
    {
        StoreFlags();
        PrepareHandler(out int insn, out int charged);
        EmitHandlerCall(insn, charged);
        AssumeFlags(default);
        ForgetCopies();
    }

    /// <summary>The current instruction's handler, out of line: where <paramref name="jumps"/> lead, and back to here.</summary>
    public void CallHandlerFrom(params ReadOnlySpan<nint> jumps)
    {
        PrepareHandler(out int insn, out int charged);
        nint[] sites = jumps.ToArray();
        int[] copiesAfter = [.. copies];
        nint back = A.Address;
        Defer(() =>
        {
            foreach (nint site in sites)
                A.Bind((byte*)site);
            EmitHandlerCall(insn, charged);
            LoadCopies(copiesAfter);
            A.Jump(back);
        });
    }

    private void PrepareHandler(out int insn, out int charged)
    {
        // One each, however often the instruction is emitted: there is room for as many.
        if (handlerOf[index] == 0)
        {
            CodeMode codeMode = (Mode & UnitMode.FpEnabled) != 0 ? CodeMode.FpEnabled : CodeMode.FpTrapped;
            LazyBinding.Prepare(insns + firstHandler + HandlersUsed, unit.Words[index], PageOffset, codeMode);
            handlerOf[index] = ++HandlersUsed;
        }
        insn = firstHandler + handlerOf[index] - 1;
        charged = chargedUpTo - index;
    }

    private void EmitHandlerCall(int insn, int charged)
    {
        StoreFlags();
        ToCanonical();
        CallHandler(insn, charged);
        FromHandler();
    }

    private void CallHandler(int insn, int charged)
    {
        A.MovImmediate(Register.Rax, (uint)(insn << Thunks.ChargedBits | charged));
        A.Call(thunks.CallHandler);
    }
}
