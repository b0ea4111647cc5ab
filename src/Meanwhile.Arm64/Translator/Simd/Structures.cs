using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>
/// Advanced SIMD load/store of multiple structures (DDI0487 C4.1.66): LD1 and ST1 of registers, LD2 and ST2, LD4 and ST4. What an instruction
/// accesses is contiguous: one lookup, of all its bytes, or the handler.
/// </summary>
internal static unsafe class Structures
{
    public static void AddTo(TranslationLines lines)
    {
        lines.Add(SimdStructureEncodings.LD1_1r_multiple, Access, &LoadRegisters);
        lines.Add(SimdStructureEncodings.LD1_2r_multiple, Access, &LoadRegisters);
        lines.Add(SimdStructureEncodings.LD1_3r_multiple, Access, &LoadRegisters);
        lines.Add(SimdStructureEncodings.LD1_4r_multiple, Access, &LoadRegisters);
        lines.Add(SimdStructureEncodings.LD1_1r_multiple_post, Access, &LoadRegisters);
        lines.Add(SimdStructureEncodings.LD1_2r_multiple_post, Access, &LoadRegisters);
        lines.Add(SimdStructureEncodings.LD1_3r_multiple_post, Access, &LoadRegisters);
        lines.Add(SimdStructureEncodings.LD1_4r_multiple_post, Access, &LoadRegisters);
        lines.Add(SimdStructureEncodings.ST1_1r_multiple, Access, &StoreRegisters);
        lines.Add(SimdStructureEncodings.ST1_2r_multiple, Access, &StoreRegisters);
        lines.Add(SimdStructureEncodings.ST1_3r_multiple, Access, &StoreRegisters);
        lines.Add(SimdStructureEncodings.ST1_4r_multiple, Access, &StoreRegisters);
        lines.Add(SimdStructureEncodings.ST1_1r_multiple_post, Access, &StoreRegisters);
        lines.Add(SimdStructureEncodings.ST1_2r_multiple_post, Access, &StoreRegisters);
        lines.Add(SimdStructureEncodings.ST1_3r_multiple_post, Access, &StoreRegisters);
        lines.Add(SimdStructureEncodings.ST1_4r_multiple_post, Access, &StoreRegisters);
        if (!lines.Features.Avx)
            return;
        lines.Add(SimdStructureEncodings.LD2_multiple, Access, &LoadPairs);
        lines.Add(SimdStructureEncodings.LD2_multiple_post, Access, &LoadPairs);
        lines.Add(SimdStructureEncodings.ST2_multiple, Access, &StorePairs);
        lines.Add(SimdStructureEncodings.ST2_multiple_post, Access, &StorePairs);
        lines.Add(SimdStructureEncodings.LD4_multiple, Access, &LoadQuadruples);
        lines.Add(SimdStructureEncodings.LD4_multiple_post, Access, &LoadQuadruples);
        lines.Add(SimdStructureEncodings.ST4_multiple, Access, &StoreQuadruples);
        lines.Add(SimdStructureEncodings.ST4_multiple_post, Access, &StoreQuadruples);
    }

    /// <summary>Registers of LD1 and ST1, by bits 15..12.</summary>
    private static int Registers(uint word) => (word >> 12 & 15) switch
    {
        0b0111 => 1,
        0b1010 => 2,
        0b0110 => 3,
        _ => 4,
    };

    private static int RegisterBytes(uint word) => Q(word) ? 16 : 8;

    /// <summary>The list of registers wraps from V31 to V0.</summary>
    public static int T(uint word, int r) => (D(word) + r) & 31;

    /// <summary>Looks the base up, for so many bytes.</summary>
    public static void Begin(UnitEmitter e, uint word, int bytes, bool write)
    {
        e.BeginAccess();
        e.AddressWithOffset(UnitEmitter.OrSp(word, 5), 0);
        e.LookUp(bytes, write);
    }

    /// <summary>Post-indexed (bit 23): the base advances by a register, or by what was accessed.</summary>
    public static void End(UnitEmitter e, uint word, int bytes)
    {
        if ((word >> 23 & 1) != 0)
        {
            int n = UnitEmitter.OrSp(word, 5);
            if (M(word) == 31)
            {
                e.WriteBack(n, bytes);
            }
            else
            {
                e.Alu(Arithmetic.Add, true, Register.Rax, UnitEmitter.Source(word, 16));
                e.Commit(n, Register.Rax);
            }
        }
        e.EndAccess();
    }

    private static void LoadRegisters(UnitEmitter e, uint word)
    {
        int registers = Registers(word), size = RegisterBytes(word);
        Begin(e, word, registers * size, write: false);
        for (int r = 0; r < registers; r++)
        {
            e.A.LoadVector(size, Xmm0, UnitEmitter.Accessed.Plus(r * size));
            e.StoreVector(T(word, r), Xmm0);
        }
        End(e, word, registers * size);
    }

    private static void StoreRegisters(UnitEmitter e, uint word)
    {
        int registers = Registers(word), size = RegisterBytes(word);
        Begin(e, word, registers * size, write: true);
        for (int r = 0; r < registers; r++)
        {
            e.LoadVector(size, Xmm0, T(word, r));
            e.A.StoreVector(size, UnitEmitter.Accessed.Plus(r * size), Xmm0);
        }
        End(e, word, registers * size);
    }

    /// <summary>log2 of an element's bytes in an instruction of multiple structures.</summary>
    private static int ElementSize(uint word) => (int)(word >> 10 & 3);

    /// <summary>LD2: the even elements in one register, the odd ones in the other.</summary>
    private static void LoadPairs(UnitEmitter e, uint word)
    {
        int size = ElementSize(word);
        Begin(e, word, 2 * RegisterBytes(word), write: false);
        e.A.LoadVector(16, Xmm0, UnitEmitter.Accessed);
        Permute.Separate(e, size, Xmm0);
        if (Q(word))
        {
            e.A.LoadVector(16, Xmm1, UnitEmitter.Accessed.Plus(16));
            Permute.Separate(e, size, Xmm1);
            e.A.Vector(Punpckhqdq, Xmm2, Xmm0, Xmm1);
            e.A.Vector(Punpcklqdq, Xmm0, Xmm0, Xmm1);
        }
        else
        {
            e.A.VectorShiftImmediate(VectorShift.Psrldq, Xmm2, Xmm0, 8);
            e.A.VectorUnary(Movq, Xmm0, Xmm0);
        }
        e.StoreVector(T(word, 0), Xmm0);
        e.StoreVector(T(word, 1), Xmm2);
        End(e, word, 2 * RegisterBytes(word));
    }

    /// <summary>ST2: elements of both registers in turn.</summary>
    private static void StorePairs(UnitEmitter e, uint word)
    {
        int size = ElementSize(word);
        Begin(e, word, 2 * RegisterBytes(word), write: true);
        e.LoadVector(Xmm0, T(word, 0));
        e.LoadVector(Xmm1, T(word, 1));
        e.A.Vector(BySize(size, Punpcklbw, Punpcklwd, Punpckldq, Punpcklqdq), Xmm2, Xmm0, Xmm1);
        e.A.StoreVector(16, UnitEmitter.Accessed, Xmm2);
        if (Q(word))
        {
            e.A.Vector(BySize(size, Punpckhbw, Punpckhwd, Punpckhdq, Punpckhqdq), Xmm0, Xmm0, Xmm1);
            e.A.StoreVector(16, UnitEmitter.Accessed.Plus(16), Xmm0);
        }
        End(e, word, 2 * RegisterBytes(word));
    }

    /// <summary>LD4: separated twice; of two registers each time.</summary>
    private static void LoadQuadruples(UnitEmitter e, uint word)
    {
        int size = ElementSize(word), bytes = RegisterBytes(word);
        Begin(e, word, 4 * bytes, write: false);
        if (Q(word))
        {
            for (int r = 0; r < 4; r++)
            {
                e.A.LoadVector(16, (VectorRegister)r, UnitEmitter.Accessed.Plus(16 * r));
                Permute.Separate(e, size, (VectorRegister)r);
            }
            // Elements of registers 0 and 2 in XMM4, XMM6; of 1 and 3 in XMM5, XMM7.
            SeparatePair(e, Xmm0, Xmm1, Xmm4, Xmm5);
            SeparatePair(e, Xmm2, Xmm3, Xmm6, Xmm7);
            for (VectorRegister x = Xmm4; x <= Xmm7; x++)
                Permute.Separate(e, size, x);
            SeparatePair(e, Xmm4, Xmm6, Xmm0, Xmm2);
            SeparatePair(e, Xmm5, Xmm7, Xmm1, Xmm3);
        }
        else
        {
            e.A.LoadVector(16, Xmm0, UnitEmitter.Accessed);
            e.A.LoadVector(16, Xmm1, UnitEmitter.Accessed.Plus(16));
            Permute.Separate(e, size, Xmm0);
            Permute.Separate(e, size, Xmm1);
            SeparatePair(e, Xmm0, Xmm1, Xmm4, Xmm5);
            Permute.Separate(e, size, Xmm4);
            Permute.Separate(e, size, Xmm5);
            e.A.VectorUnary(Movq, Xmm0, Xmm4);
            e.A.VectorUnary(Movq, Xmm1, Xmm5);
            e.A.VectorShiftImmediate(VectorShift.Psrldq, Xmm2, Xmm4, 8);
            e.A.VectorShiftImmediate(VectorShift.Psrldq, Xmm3, Xmm5, 8);
        }
        for (int r = 0; r < 4; r++)
            e.StoreVector(T(word, r), (VectorRegister)r);
        End(e, word, 4 * bytes);
    }

    private static void SeparatePair(UnitEmitter e, VectorRegister a, VectorRegister b, VectorRegister even, VectorRegister odd)
    {
        e.A.Vector(Punpcklqdq, even, a, b);
        e.A.Vector(Punpckhqdq, odd, a, b);
    }

    /// <summary>ST4: elements of registers 0 and 2, and of 1 and 3, in turn; then of both.</summary>
    private static void StoreQuadruples(UnitEmitter e, uint word)
    {
        int size = ElementSize(word), bytes = RegisterBytes(word);
        VectorOp low = BySize(size, Punpcklbw, Punpcklwd, Punpckldq, Punpcklqdq), high = BySize(size, Punpckhbw, Punpckhwd, Punpckhdq, Punpckhqdq);
        Begin(e, word, 4 * bytes, write: true);
        for (int r = 0; r < 4; r++)
            e.LoadVector((VectorRegister)r, T(word, r));
        e.A.Vector(low, Xmm4, Xmm0, Xmm2);
        e.A.Vector(low, Xmm5, Xmm1, Xmm3);
        Store(0, low, Xmm4, Xmm5);
        Store(1, high, Xmm4, Xmm5);
        if (Q(word))
        {
            e.A.Vector(high, Xmm4, Xmm0, Xmm2);
            e.A.Vector(high, Xmm5, Xmm1, Xmm3);
            Store(2, low, Xmm4, Xmm5);
            Store(3, high, Xmm4, Xmm5);
        }
        End(e, word, 4 * bytes);

        void Store(int n, VectorOp op, VectorRegister a, VectorRegister b)
        {
            e.A.Vector(op, Xmm6, a, b);
            e.A.StoreVector(16, UnitEmitter.Accessed.Plus(16 * n), Xmm6);
        }
    }
}
