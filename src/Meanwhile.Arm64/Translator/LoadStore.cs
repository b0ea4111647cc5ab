using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <summary>Load/store register and pair, general-purpose and SIMD&amp;FP, in all addressing modes (DDI0487 C4.1.66).</summary>
internal static unsafe class LoadStore
{
    private enum Mode
    {
        Offset,
        PreIndexed,
        PostIndexed,
    }

    public static void AddTo(TranslationLines lines)
    {
        AddAll(lines, LoadStoreImmediateEncodings.UnsignedOffset, &UnsignedOffset);
        AddAll(lines, LoadStoreImmediateEncodings.Unscaled, &Unscaled);
        AddAll(lines, LoadStoreImmediateEncodings.PreIndexed, &PreIndexed);
        AddAll(lines, LoadStoreImmediateEncodings.PostIndexed, &PostIndexed);
        AddAll(lines, LoadStoreImmediateEncodings.Unprivileged, &Unprivileged);
        AddAll(lines, LoadStoreRegisterOffsetEncodings.Group, &RegisterOffset);
        AddAll(lines, LoadLiteralEncodings.Group, &Literal);
        AddAll(lines, LoadStorePairEncodings.NoAllocate, &PairOffset);
        AddAll(lines, LoadStorePairEncodings.Offset, &PairOffset);
        AddAll(lines, LoadStorePairEncodings.PreIndexed, &PairPreIndexed);
        AddAll(lines, LoadStorePairEncodings.PostIndexed, &PairPostIndexed);
        lines.Add(LoadStoreExclusiveEncodings.LDAR, Traits.MayLeave, &Acquire);
        lines.Add(LoadStoreExclusiveEncodings.STLR, Traits.MayLeave, &Release);
    }

    private static void AddAll(TranslationLines lines, EncodingGroup group, delegate*<UnitEmitter, uint, void> emit)
    {
        foreach (Encoding encoding in group.Encodings)
            lines.Add(encoding, Traits.MayLeave | Traits.KeepsVectorCopies, emit);
    }

    private static bool IsVector(uint word) => (word >> 26 & 1) != 0;

    /// <summary>log2 of the bytes moved: size, and opc&lt;1&gt; where it makes a SIMD&amp;FP access 128 bits wide.</summary>
    private static int SizeShift(uint word) => (word & 0x0480_0000) == 0x0480_0000 ? 4 : (int)(word >> 30);

    /// <summary>PRFM, which has the place of a 64-bit sign-extending load.</summary>
    private static bool IsPrefetch(uint word) => !IsVector(word) && word >> 30 == 3 && (word >> 23 & 1) != 0;

    private static int Imm9(uint word) => (int)(word << 11) >> 23;

    private static void UnsignedOffset(UnitEmitter e, uint word) =>
        Immediate(e, word, (word >> 10 & 0xFFF) << SizeShift(word), Mode.Offset);

    private static void Unscaled(UnitEmitter e, uint word) => Immediate(e, word, Imm9(word), Mode.Offset);

    private static void PreIndexed(UnitEmitter e, uint word) => Immediate(e, word, Imm9(word), Mode.PreIndexed);

    private static void PostIndexed(UnitEmitter e, uint word) => Immediate(e, word, Imm9(word), Mode.PostIndexed);

    private static void Unprivileged(UnitEmitter e, uint word)
    {
        e.BeginAccess();
        e.AddressWithOffset(UnitEmitter.OrSp(word, 5), Imm9(word));
        e.LookUp(1 << SizeShift(word), IsStore(word), unprivileged: true);
        Transfer(e, word, Register.Rax);
        e.EndAccess();
    }

    private static void Immediate(UnitEmitter e, uint word, long offset, Mode mode)
    {
        if (IsPrefetch(word))
            return;
        int n = UnitEmitter.OrSp(word, 5);
        e.BeginAccess();
        Register address = Register.Rax;
        if (mode == Mode.Offset)
            address = e.AddressOf(n, offset);
        else
            e.AddressWithOffset(n, mode == Mode.PostIndexed ? 0 : offset);
        e.LookUp(address, 1 << SizeShift(word), IsStore(word));
        Transfer(e, word, address);
        if (mode != Mode.Offset)
            e.WriteBack(n, mode == Mode.PostIndexed ? offset : 0);
        e.EndAccess();
    }

    private static void RegisterOffset(UnitEmitter e, uint word)
    {
        if (IsPrefetch(word))
            return;
        int n = UnitEmitter.OrSp(word, 5), m = UnitEmitter.Source(word, 16);
        int shift = (word >> 12 & 1) != 0 ? SizeShift(word) : 0;
        uint option = word >> 13 & 7;
        e.BeginAccess();
        e.CheckStackPointer(n);
        Assembler a = e.A;
        Register index = Register.Rcx;
        switch (option)
        {
            case 0b010:
                a.Mov(false, index, e.Read(m, index));
                break;
            case 0b110:
                a.SignExtend(4, true, index, e.Read(m, index));
                break;
            default:
                index = e.Read(m, index);
                break;
        }
        Register origin = e.Read(n, Register.Rax);
        if (shift <= 3)
        {
            a.Lea(true, Register.Rax, new Memory(origin, index, shift));
        }
        else
        {
            a.Mov(true, Register.Rdx, index);
            a.ShiftImmediate(Shift.Shl, true, Register.Rdx, shift);
            a.Lea(true, Register.Rax, new Memory(origin, Register.Rdx, 0));
        }
        e.LookUp(1 << SizeShift(word), IsStore(word));
        Transfer(e, word, Register.Rax);
        e.EndAccess();
    }

    private static void Literal(UnitEmitter e, uint word)
    {
        uint opc = word >> 30;
        if (!IsVector(word) && opc == 3)
            return;
        e.BeginAccess();
        e.A.Load(8, Register.Rax, Field(CodePageVa));
        e.AddToRax(e.PageOffset + ((int)(word << 8) >> 13 << 2));
        if (IsVector(word))
        {
            e.LookUp(4 << (int)opc, write: false);
            LoadVector(e, 4 << (int)opc, (int)(word & 31), UnitEmitter.Accessed);
        }
        else
        {
            int size = opc == 1 ? 8 : 4;
            e.LookUp(size, write: false);
            LoadGeneral(e, size, signed: opc == 2, to64: true, UnitEmitter.Target(word, 0), UnitEmitter.Accessed);
        }
        e.EndAccess();
    }

    /// <summary>Of one register.</summary>
    private static bool IsStore(uint word) => IsVector(word) ? (word >> 22 & 1) == 0 : (word >> 22 & 3) == 0;

    /// <summary>One register, at an address that was looked up, which stays in its register.</summary>
    private static void Transfer(UnitEmitter e, uint word, Register address)
    {
        Memory at = UnitEmitter.AccessedAt(address);
        uint opc = word >> 22 & 3;
        int size = 1 << SizeShift(word);
        if (IsVector(word))
        {
            if (IsStore(word))
                StoreVector(e, size, (int)(word & 31), at);
            else
                LoadVector(e, size, (int)(word & 31), at);
        }
        else if (IsStore(word))
        {
            StoreGeneral(e, size, UnitEmitter.Source(word, 0), at);
        }
        else
        {
            LoadGeneral(e, size, signed: opc >= 2, to64: opc == 2, UnitEmitter.Target(word, 0), at);
        }
    }

    /// <summary>A load or store of general-purpose registers with a constant offset.</summary>
    /// <param name="Slot">The base register's.</param>
    /// <param name="Offset">From its value before the instruction.</param>
    /// <param name="Size">Bytes, of both registers of a pair.</param>
    /// <param name="Moves">What is added to the base register.</param>
    /// <param name="IsStore">It stores.</param>
    /// <param name="IsPair">It has two registers.</param>
    public readonly record struct Access(int Slot, int Offset, int Size, int Moves, bool IsStore, bool IsPair)
    {
        /// <summary>One of the instruction's registers is the slot, and it loads or changes the base as well.</summary>
        public bool Loads(int slot, uint word) =>
            (!IsStore || Moves != 0) && (UnitEmitter.Target(word, 0) == slot || (IsPair && UnitEmitter.Target(word, 10) == slot));
    }

    /// <summary>Takes an instruction apart. False: it is something else, or not allocated.</summary>
    public static bool TryDescribe(uint word, out Access access)
    {
        access = default;
        int slot = UnitEmitter.OrSp(word, 5);
        uint opc = word >> 22 & 3;
        switch (word & 0x3F00_0000)
        {
            case 0x2800_0000 or 0x2900_0000: // Pairs; LDPSW left out.
                if (word >> 30 is not (0 or 2))
                    return false;
                int size = word >> 30 == 2 ? 8 : 4, pairOffset = ((int)(word << 10) >> 25) * size;
                access = Make(word >> 23 & 3, post: 1, offset: 2, pre: 3, pairOffset, 2 * size, isStore: (word >> 22 & 1) == 0, isPair: true);
                return true;
            case 0x3900_0000 when IsGeneral(): // Unsigned offset.
                access = new Access(slot, (int)(word >> 10 & 0xFFF) << (int)(word >> 30), 1 << (int)(word >> 30), 0, opc == 0, false);
                return true;
            case 0x3800_0000 when IsGeneral() && (word >> 21 & 1) == 0 && (word >> 10 & 3) != 2: // Unscaled, indexed.
                access = Make(word >> 10 & 3, post: 1, offset: 0, pre: 3, Imm9(word), 1 << (int)(word >> 30), isStore: opc == 0, isPair: false);
                return true;
            default:
                return false;
        }

        // No prefetch and nothing unallocated.
        bool IsGeneral() => opc < 2 || word >> 30 < (opc == 2 ? 3U : 2U);

        Access Make(uint mode, uint post, uint offset, uint pre, int distance, int bytes, bool isStore, bool isPair) =>
            new(slot, mode == post ? 0 : distance, bytes, mode == post || mode == pre ? distance : 0, isStore, isPair);
    }

    /// <summary>Moves the registers of what <see cref="TryDescribe"/> knows from or to host memory. Changes RDX only.</summary>
    public static void Transfer(UnitEmitter e, uint word, Memory at)
    {
        if ((word & 0x3A00_0000) == 0x2800_0000)
        {
            int size = word >> 30 == 2 ? 8 : 4;
            for (int n = 0; n < 2; n++)
            {
                if ((word >> 22 & 1) == 0)
                    StoreGeneral(e, size, UnitEmitter.Source(word, 10 * n), at.Plus(n * size));
                else
                    LoadGeneral(e, size, signed: false, to64: true, UnitEmitter.Target(word, 10 * n), at.Plus(n * size));
            }
            return;
        }
        uint opc = word >> 22 & 3;
        int bytes = 1 << (int)(word >> 30);
        if (opc == 0)
            StoreGeneral(e, bytes, UnitEmitter.Source(word, 0), at);
        else
            LoadGeneral(e, bytes, signed: opc >= 2, to64: opc == 2, UnitEmitter.Target(word, 0), at);
    }

    private static void LoadGeneral(UnitEmitter e, int size, bool signed, bool to64, int d, Memory from)
    {
        Register result = e.Destination(d, Register.Rdx);
        if (signed)
            e.A.LoadSigned(size, to64, result, from);
        else
            e.A.Load(size, result, from);
        e.Commit(d, result);
    }

    private static void StoreGeneral(UnitEmitter e, int size, int slot, Memory to)
    {
        if (slot == CpuState.Zr)
            e.A.StoreImmediate(size, to, 0);
        else
            e.A.Store(size, to, e.Read(slot, Register.Rdx));
    }

    /// <summary>The rest of the V register becomes zero.</summary>
    private static void LoadVector(UnitEmitter e, int size, int d, Memory from)
    {
        if (size < 4)
        {
            e.A.Load(size, Register.Rdx, from);
            e.A.MoveFromGeneral(false, VectorRegister.Xmm0, Register.Rdx);
        }
        else
        {
            e.A.LoadVector(size, VectorRegister.Xmm0, from);
        }
        e.StoreVector(d, VectorRegister.Xmm0);
    }

    private static void StoreVector(UnitEmitter e, int size, int d, Memory to)
    {
        if (size < 4)
        {
            e.A.Load(size, Register.Rdx, Vector(d));
            e.A.Store(size, to, Register.Rdx);
            return;
        }
        e.LoadVector(size, VectorRegister.Xmm0, d);
        e.A.StoreVector(size, to, VectorRegister.Xmm0);
    }

    private static void PairOffset(UnitEmitter e, uint word) => Pair(e, word, Mode.Offset);

    private static void PairPreIndexed(UnitEmitter e, uint word) => Pair(e, word, Mode.PreIndexed);

    private static void PairPostIndexed(UnitEmitter e, uint word) => Pair(e, word, Mode.PostIndexed);

    private static void Pair(UnitEmitter e, uint word, Mode mode)
    {
        uint opc = word >> 30;
        bool isVector = IsVector(word), isStore = (word >> 22 & 1) == 0;
        int size = isVector ? 4 << (int)opc : opc == 2 ? 8 : 4;
        long offset = ((int)(word << 10) >> 25) * size;
        int n = UnitEmitter.OrSp(word, 5);
        e.BeginAccess();
        e.AddressWithOffset(n, mode == Mode.PostIndexed ? 0 : offset);
        e.LookUp(2 * size, isStore);
        Memory first = UnitEmitter.Accessed, second = first.Plus(size);
        if (isVector)
        {
            int one = (int)(word & 31), two = (int)(word >> 10 & 31);
            if (isStore)
            {
                StoreVector(e, size, one, first);
                StoreVector(e, size, two, second);
            }
            else
            {
                LoadVector(e, size, one, first);
                LoadVector(e, size, two, second);
            }
        }
        else if (isStore)
        {
            StoreGeneral(e, size, UnitEmitter.Source(word, 0), first);
            StoreGeneral(e, size, UnitEmitter.Source(word, 10), second);
        }
        else
        {
            LoadGeneral(e, size, signed: opc == 1, to64: true, UnitEmitter.Target(word, 0), first);
            LoadGeneral(e, size, signed: opc == 1, to64: true, UnitEmitter.Target(word, 10), second);
        }
        if (mode != Mode.Offset)
            e.WriteBack(n, mode == Mode.PostIndexed ? offset : 0);
        e.EndAccess();
    }

    /// <summary>The host's loads are acquires.</summary>
    private static void Acquire(UnitEmitter e, uint word)
    {
        int size = 1 << (int)(word >> 30);
        e.BeginAccess();
        e.AddressWithOffset(UnitEmitter.OrSp(word, 5), 0);
        e.CheckAlignment(size);
        e.LookUp(size, write: false);
        LoadGeneral(e, size, signed: false, to64: false, UnitEmitter.Target(word, 0), UnitEmitter.Accessed);
        e.EndAccess();
    }

    /// <summary>No later load-acquire may pass a store-release (B2.3.3): the exchange is a full barrier.</summary>
    private static void Release(UnitEmitter e, uint word)
    {
        int size = 1 << (int)(word >> 30);
        e.BeginAccess();
        e.AddressWithOffset(UnitEmitter.OrSp(word, 5), 0);
        e.CheckAlignment(size);
        e.LookUp(size, write: true);
        e.LoadTo(Register.Rdx, UnitEmitter.Source(word, 0));
        e.A.Exchange(size, UnitEmitter.Accessed, Register.Rdx);
        e.EndAccess();
    }
}
