using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>
/// Advanced SIMD load/store of structures (DDI0487 C4.1.66): LD1 and ST1 of registers, LD2 and ST2, lanes, and LD1R. What an instruction
/// accesses is contiguous: one lookup, of all its bytes, or the handler.
/// </summary>
internal static unsafe class Structures
{
    public static void AddTo(TranslationLines lines)
    {
        lines.Add(SimdStructureEncodings.LD1_1r_multiple, Traits.MayLeave, &LoadRegisters);
        lines.Add(SimdStructureEncodings.LD1_2r_multiple, Traits.MayLeave, &LoadRegisters);
        lines.Add(SimdStructureEncodings.LD1_3r_multiple, Traits.MayLeave, &LoadRegisters);
        lines.Add(SimdStructureEncodings.LD1_4r_multiple, Traits.MayLeave, &LoadRegisters);
        lines.Add(SimdStructureEncodings.LD1_1r_multiple_post, Traits.MayLeave, &LoadRegisters);
        lines.Add(SimdStructureEncodings.LD1_2r_multiple_post, Traits.MayLeave, &LoadRegisters);
        lines.Add(SimdStructureEncodings.LD1_3r_multiple_post, Traits.MayLeave, &LoadRegisters);
        lines.Add(SimdStructureEncodings.LD1_4r_multiple_post, Traits.MayLeave, &LoadRegisters);
        lines.Add(SimdStructureEncodings.ST1_1r_multiple, Traits.MayLeave, &StoreRegisters);
        lines.Add(SimdStructureEncodings.ST1_2r_multiple, Traits.MayLeave, &StoreRegisters);
        lines.Add(SimdStructureEncodings.ST1_3r_multiple, Traits.MayLeave, &StoreRegisters);
        lines.Add(SimdStructureEncodings.ST1_4r_multiple, Traits.MayLeave, &StoreRegisters);
        lines.Add(SimdStructureEncodings.ST1_1r_multiple_post, Traits.MayLeave, &StoreRegisters);
        lines.Add(SimdStructureEncodings.ST1_2r_multiple_post, Traits.MayLeave, &StoreRegisters);
        lines.Add(SimdStructureEncodings.ST1_3r_multiple_post, Traits.MayLeave, &StoreRegisters);
        lines.Add(SimdStructureEncodings.ST1_4r_multiple_post, Traits.MayLeave, &StoreRegisters);
        if (!lines.Features.Avx)
            return;
        lines.Add(SimdStructureEncodings.LD2_multiple, Traits.MayLeave, &LoadPairs);
        lines.Add(SimdStructureEncodings.LD2_multiple_post, Traits.MayLeave, &LoadPairs);
        lines.Add(SimdStructureEncodings.ST2_multiple, Traits.MayLeave, &StorePairs);
        lines.Add(SimdStructureEncodings.ST2_multiple_post, Traits.MayLeave, &StorePairs);
        lines.Add(SimdStructureEncodings.LD1_b_single, Traits.MayLeave, &LoadLane);
        lines.Add(SimdStructureEncodings.LD1_h_single, Traits.MayLeave, &LoadLane);
        lines.Add(SimdStructureEncodings.LD1_s_single, Traits.MayLeave, &LoadLane);
        lines.Add(SimdStructureEncodings.LD1_d_single, Traits.MayLeave, &LoadLane);
        lines.Add(SimdStructureEncodings.LD1_b_single_post, Traits.MayLeave, &LoadLane);
        lines.Add(SimdStructureEncodings.LD1_h_single_post, Traits.MayLeave, &LoadLane);
        lines.Add(SimdStructureEncodings.LD1_s_single_post, Traits.MayLeave, &LoadLane);
        lines.Add(SimdStructureEncodings.LD1_d_single_post, Traits.MayLeave, &LoadLane);
        lines.Add(SimdStructureEncodings.ST1_b_single, Traits.MayLeave, &StoreLane);
        lines.Add(SimdStructureEncodings.ST1_h_single, Traits.MayLeave, &StoreLane);
        lines.Add(SimdStructureEncodings.ST1_s_single, Traits.MayLeave, &StoreLane);
        lines.Add(SimdStructureEncodings.ST1_d_single, Traits.MayLeave, &StoreLane);
        lines.Add(SimdStructureEncodings.ST1_b_single_post, Traits.MayLeave, &StoreLane);
        lines.Add(SimdStructureEncodings.ST1_h_single_post, Traits.MayLeave, &StoreLane);
        lines.Add(SimdStructureEncodings.ST1_s_single_post, Traits.MayLeave, &StoreLane);
        lines.Add(SimdStructureEncodings.ST1_d_single_post, Traits.MayLeave, &StoreLane);
        if (!lines.Features.Avx2)
            return;
        lines.Add(SimdStructureEncodings.LD1R_single, Traits.MayLeave, &LoadReplicate);
        lines.Add(SimdStructureEncodings.LD1R_single_post, Traits.MayLeave, &LoadReplicate);
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
    private static int T(uint word, int r) => (D(word) + r) & 31;

    /// <summary>Looks the base up, for so many bytes.</summary>
    private static void Begin(UnitEmitter e, uint word, int bytes, bool write)
    {
        e.BeginAccess();
        e.AddressWithOffset(UnitEmitter.OrSp(word, 5), 0);
        e.LookUp(bytes, write);
    }

    /// <summary>Post-indexed (bit 23): the base advances by a register, or by what was accessed.</summary>
    private static void End(UnitEmitter e, uint word, int bytes)
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
            e.A.LoadVector(size, Xmm0, Vector(T(word, r)));
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

    /// <summary>Single structures: opcode and size give log2 of the element's bytes; Q:S:size is the lane, without the bits below them.</summary>
    private static (int Size, int Lane) Single(uint word)
    {
        uint size = word >> 10 & 3;
        int shift = (word >> 14 & 3) switch
        {
            0 => 0,
            1 => 1,
            2 => 2 + (int)(size & 1),
            _ => (int)size,
        };
        uint lane = (word >> 30 & 1) << 3 | (word >> 12 & 1) << 2 | size;
        return (shift, (int)(lane >> shift));
    }

    private static void LoadLane(UnitEmitter e, uint word)
    {
        (int size, int lane) = Single(word);
        Begin(e, word, 1 << size, write: false);
        e.LoadVector(Xmm0, D(word));
        Copy.Insert(e, size, Xmm0, lane, UnitEmitter.Accessed);
        e.StoreVector(D(word), Xmm0);
        End(e, word, 1 << size);
    }

    private static void StoreLane(UnitEmitter e, uint word)
    {
        (int size, int lane) = Single(word);
        Begin(e, word, 1 << size, write: true);
        e.A.Load(1 << size, Register.Rdx, Vector(D(word)).Plus(lane << size));
        e.A.Store(1 << size, UnitEmitter.Accessed, Register.Rdx);
        End(e, word, 1 << size);
    }

    private static void LoadReplicate(UnitEmitter e, uint word)
    {
        (int size, _) = Single(word);
        Begin(e, word, 1 << size, write: false);
        e.A.VectorUnary(Broadcast(size), Xmm0, UnitEmitter.Accessed);
        e.StoreVector(D(word), Xmm0, Q(word));
        End(e, word, 1 << size);
    }
}
