using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <content>
/// Loads and stores that have one base register, as prologues and epilogues have, with nothing but moves and additions between them: one lookup finds the
/// host memory of all.
/// </content>
/// <remarks>
/// When they are not in one page that permits all of them, or the TLB does not have it, their handlers run one by one, out of line. Before
/// the lookup nothing has changed, after it nothing can go wrong. A page that may be written may be read (DDI0487 D8.4.1.2).
/// </remarks>
internal sealed unsafe partial class UnitEmitter
{
    private const int MaxRunLength = 16;

    /// <summary>Most bytes from the first to the last: the more, the more often they are in two pages.</summary>
    private const int MaxRunSpan = 256;

    /// <summary>Emits the run that starts with the current instruction; its last one is then the current one. False: none starts here.</summary>
    private bool TryEmitRun()
    {
        if (!TryFindRun(out Run run))
            return false;
        bool overwrites = PrepareFlags(run);
        int first = index, charged = chargedUpTo;
        int[] copiesThen = [.. copies];
        nint start = A.Address;
        BeginAccess();
        AddressWithOffset(run.Slot, run.Low);
        LookUp(run.High - run.Low, run.Writes);
        Count(DataTlbHits, run.Accesses - 1);
        A.Alu(Arithmetic.Add, true, Register.Rcx, Register.Rax);
        nint[] sites = [.. slowPaths];
        int moved = 0;
        for (; index < run.End; index++)
        {
            EmitOfRun(run, ref moved);
            Note(PieceKind.Instruction, start);
            start = A.Address;
        }
        nint back = A.Address;
        index = first;
        Defer(() =>
        {
            foreach (nint site in sites)
                A.Bind((byte*)site);
            StoreFlags();
            ToCanonical();
            chargedUpTo = charged;
            for (; index < run.End && !A.IsFull; index++)
            {
                PrepareHandler(out int insn, out int chargedFor);
                CallHandler(insn, chargedFor);
            }
            FromHandler();
            LoadCopies(copiesThen);
            A.Jump(back);
            index = first;
        });
        index = run.End - 1;
        if (overwrites)
            flagSource = default;
        return true;
    }

    /// <summary>Stores the flags when they could not be computed any more within the run. True: not after it, which then nothing does.</summary>
    private bool PrepareFlags(in Run run)
    {
        for (int n = index; n < run.End && !flagSource.IsNone; n++)
        {
            if (EffectOn(flagSource, n) == FlagEffect.None)
                continue;
            if (n == run.End - 1 && (flagsInMemory || !AreSeenAfter(n, false)))
                return true;
            StoreFlags();
            flagSource = default;
        }
        return false;
    }

    /// <summary>The current instruction, which is one of a run. RCX is the host address of its lowest byte, and stays.</summary>
    private void EmitOfRun(in Run run, ref int moved)
    {
        uint word = unit.Words[index];
        if (!LoadStore.TryDescribe(word, out LoadStore.Access access))
        {
            moved += Moves(word, run.Slot);
            EmitOne();
            return;
        }
        LoadStore.Transfer(this, word, new Memory(Register.Rcx, moved + access.Offset - run.Low));
        if (access.Moves == 0)
            return;
        moved += access.Moves;
        Register result = Destination(run.Slot);
        A.Lea(true, result, new Memory(Read(run.Slot, Register.Rax), access.Moves));
        Commit(run.Slot, result);
        if (run.Slot == CpuState.Sp && (access.Moves & 15) != 0)
            stackPointerChecked = false;
    }

    private bool TryFindRun(out Run run)
    {
        run = default;
        if (!LoadStore.TryDescribe(unit.Words[index], out LoadStore.Access access))
            return false;
        run.Slot = access.Slot;
        run.Low = access.Offset;
        run.High = access.Offset;
        int moved = 0, limit = Math.Min(unit.Length, index + MaxRunLength);
        for (int n = index; n < limit && (n == index || (unit.IsReached[n] && !unit.IsBlockStart(n))); n++)
        {
            uint word = unit.Words[n];
            if (!LoadStore.TryDescribe(word, out access))
            {
                if (IsAddition(word) ? Target(word) == run.Slot && OrSp(word, 5) != run.Slot : !IsMove(word) || Target(word) == run.Slot)
                    break;
                moved += Moves(word, run.Slot);
                continue;
            }
            int low = Math.Min(run.Low, moved + access.Offset), high = Math.Max(run.High, moved + access.Offset + access.Size);
            // A stack pointer that one of them leaves misaligned is checked by the next.
            if (access.Slot != run.Slot || high - low > MaxRunSpan || (access.Moves != 0 && access.Loads(run.Slot, word)) || (run.Slot == CpuState.Sp && (moved & 15) != 0))
                break;
            (run.Low, run.High, run.End) = (low, high, n + 1);
            run.Writes |= access.IsStore;
            moved += access.Moves;
            run.Accesses++;
            if (access.Loads(run.Slot, word))
                break;
        }
        return run.Accesses > 1;
    }

    /// <summary>ADD or SUB (immediate), 64-bit: it changes no flags, and no host register but RAX.</summary>
    private static bool IsAddition(uint word) => (word & 0xBF80_0000) == 0x9100_0000;

    /// <summary>MOV (register), MOVZ, MOVN, ADR, and ADRP within 2 GiB: the same is true of them.</summary>
    private static bool IsMove(uint word) =>
        (word & 0x7FE0_FFE0) == 0x2A00_03E0
        || ((word & 0x3F80_0000) == 0x1280_0000 && (word & 0x8040_0000) != 0x0040_0000)
        || (word & 0x9F00_0000) == 0x1000_0000
        || ((word & 0x9F00_0000) == 0x9000_0000 && (word >> 22 & 3) is 0 or 3);

    private static int Target(uint word) => OrSp(word, 0);

    /// <summary>What such an instruction adds to a slot.</summary>
    private static int Moves(uint word, int slot)
    {
        if (Target(word) != slot)
            return 0;
        int value = (int)(word >> 10 & 0xFFF) << ((word >> 22 & 1) != 0 ? 12 : 0);
        return (word >> 30 & 1) != 0 ? -value : value;
    }

    /// <summary>The instructions up to <see cref="End"/>: what they access lies from <see cref="Low"/> to <see cref="High"/>, from a slot's value before them.</summary>
    private struct Run
    {
        public int Slot, End, Accesses, Low, High;
        public bool Writes;
    }
}
