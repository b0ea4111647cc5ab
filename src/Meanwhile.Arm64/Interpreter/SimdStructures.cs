using System.Runtime.CompilerServices;
using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Exceptions;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>
/// Advanced SIMD load/store of structures: LD1..LD4, ST1..ST4, single lanes and LD1R..LD4R (DDI0487 C4.1.66). The structures are contiguous in memory,
/// so each instruction moves one block between memory and a buffer, and elements between the buffer and registers.
/// </summary>
/// <remarks>
/// Operands: D the first register, A the number of registers, Shift log2 of the element's bytes, Option the lane, Imm2 the block's bytes,
/// N the base. Post-indexed forms add Imm and X[M] to it (one of them is zero).
/// </remarks>
internal static unsafe class SimdStructures
{
    /// <summary>Four registers.</summary>
    private const int BlockBytes = 64;

    internal static void Register(Binders b)
    {
        foreach (Encoding encoding in SimdStructureEncodings.Multiple.Encodings)
            b.Add(encoding, &BindMultiple<Keep>);
        foreach (Encoding encoding in SimdStructureEncodings.MultiplePostIndexed.Encodings)
            b.Add(encoding, &BindMultiple<Advance>);
        foreach (Encoding encoding in SimdStructureEncodings.Single.Encodings)
            b.Add(encoding, &BindSingle<Keep>);
        foreach (Encoding encoding in SimdStructureEncodings.SinglePostIndexed.Encodings)
            b.Add(encoding, &BindSingle<Advance>);
    }

    /// <summary>What happens to the base register.</summary>
    private interface IBase
    {
        static abstract void Update(CpuState* s, Insn* i, ulong va);
    }

    private static void BindMultiple<TBase>(Insn* i)
        where TBase : struct, IBase
    {
        uint word = i->Word;
        bool isLoad = (word >> 22 & 1) != 0;
        int registerBytes = (word >> 30 & 1) != 0 ? 16 : 8;
        (int registers, bool interleaved) = (word >> 12 & 15) switch
        {
            0b0000 => (4, true),
            0b0010 => (4, false),
            0b0100 => (3, true),
            0b0110 => (3, false),
            0b0111 => (1, false),
            0b1000 => (2, true),
            _ => (2, false),
        };
        i->Shift = (byte)(word >> 10 & 3);
        BindCommon(i, registers, registers * registerBytes);
        i->Handler = (interleaved ? i->Shift : -1, isLoad) switch
        {
            (-1, true) => &LoadRegisters<TBase>,
            (-1, false) => &StoreRegisters<TBase>,
            (0, true) => &LoadInterleaved<byte, TBase>,
            (0, false) => &StoreInterleaved<byte, TBase>,
            (1, true) => &LoadInterleaved<ushort, TBase>,
            (1, false) => &StoreInterleaved<ushort, TBase>,
            (2, true) => &LoadInterleaved<uint, TBase>,
            (2, false) => &StoreInterleaved<uint, TBase>,
            (_, true) => &LoadInterleaved<ulong, TBase>,
            _ => &StoreInterleaved<ulong, TBase>,
        };
    }

    private static void BindSingle<TBase>(Insn* i)
        where TBase : struct, IBase
    {
        uint word = i->Word;
        bool isLoad = (word >> 22 & 1) != 0;
        uint opcode = word >> 13 & 7, size = word >> 10 & 3;
        // opcode<0>:R counts the registers; Q:S:size is the lane, with the bits below the element's size dropped.
        int registers = (int)((opcode & 1) << 1 | (word >> 21 & 1)) + 1;
        uint lane = (word >> 30 & 1) << 3 | (word >> 12 & 1) << 2 | size;
        uint shift = (opcode >> 1) switch
        {
            0 => 0,
            1 => 1,
            2 => 2 + (size & 1),
            _ => size,
        };
        i->Shift = (byte)shift;
        i->Option = (byte)(lane >> (int)shift);
        BindCommon(i, registers, registers << (int)shift);
        bool replicate = opcode >> 1 == 3;
        i->Handler = (shift, isLoad) switch
        {
            (0, true) => replicate ? &LoadReplicate<byte, TBase> : &LoadLane<byte, TBase>,
            (1, true) => replicate ? &LoadReplicate<ushort, TBase> : &LoadLane<ushort, TBase>,
            (2, true) => replicate ? &LoadReplicate<uint, TBase> : &LoadLane<uint, TBase>,
            (3, true) => replicate ? &LoadReplicate<ulong, TBase> : &LoadLane<ulong, TBase>,
            (0, false) => &StoreLane<byte, TBase>,
            (1, false) => &StoreLane<ushort, TBase>,
            (2, false) => &StoreLane<uint, TBase>,
            _ => &StoreLane<ulong, TBase>,
        };
    }

    private static void BindCommon(Insn* i, int registers, int bytes)
    {
        uint rm = i->Word >> 16 & 31;
        i->D = (byte)(i->Word & 31);
        i->A = (byte)registers;
        i->N = LoadStore.Base(i->Word);
        i->Imm2 = (ulong)bytes;
        i->M = LoadStore.Source(rm);
        i->Imm = rm == 31 ? (ulong)bytes : 0;
    }

    private static int LoadRegisters<TBase>(CpuState* s, Insn* i)
        where TBase : struct, IBase
    {
        ulong* block = stackalloc ulong[BlockBytes / sizeof(ulong)];
        if (!TryLoadBlock(s, i, (byte*)block, out int status))
            return status;
        int words = IsQuadword(i) ? 2 : 1;
        for (int r = 0; r < i->A; r++)
        {
            ulong* register = VectorOf(s, i, r);
            register[0] = block[r * words];
            register[1] = words == 2 ? block[(r * 2) + 1] : 0;
        }
        TBase.Update(s, i, s->X[i->N]);
        return Status.Next;
    }

    private static int StoreRegisters<TBase>(CpuState* s, Insn* i)
        where TBase : struct, IBase
    {
        ulong* block = stackalloc ulong[BlockBytes / sizeof(ulong)];
        int words = IsQuadword(i) ? 2 : 1;
        for (int r = 0; r < i->A; r++)
        {
            ulong* register = VectorOf(s, i, r);
            block[r * words] = register[0];
            if (words == 2)
                block[(r * 2) + 1] = register[1];
        }
        return StoreBlock<TBase>(s, i, (byte*)block);
    }

    private static int LoadInterleaved<T, TBase>(CpuState* s, Insn* i)
        where T : unmanaged
        where TBase : struct, IBase
    {
        ulong* block = stackalloc ulong[BlockBytes / sizeof(ulong)];
        if (!TryLoadBlock(s, i, (byte*)block, out int status))
            return status;
        int elements = (IsQuadword(i) ? 16 : 8) / sizeof(T);
        for (int r = 0; r < i->A; r++)
        {
            ulong* register = VectorOf(s, i, r);
            register[1] = 0;
            for (int e = 0; e < elements; e++)
                ((T*)register)[e] = ((T*)block)[(e * i->A) + r];
        }
        TBase.Update(s, i, s->X[i->N]);
        return Status.Next;
    }

    private static int StoreInterleaved<T, TBase>(CpuState* s, Insn* i)
        where T : unmanaged
        where TBase : struct, IBase
    {
        ulong* block = stackalloc ulong[BlockBytes / sizeof(ulong)];
        int elements = (IsQuadword(i) ? 16 : 8) / sizeof(T);
        for (int r = 0; r < i->A; r++)
        {
            T* register = (T*)VectorOf(s, i, r);
            for (int e = 0; e < elements; e++)
                ((T*)block)[(e * i->A) + r] = register[e];
        }
        return StoreBlock<TBase>(s, i, (byte*)block);
    }

    private static int LoadLane<T, TBase>(CpuState* s, Insn* i)
        where T : unmanaged
        where TBase : struct, IBase
    {
        ulong* block = stackalloc ulong[BlockBytes / sizeof(ulong)];
        if (!TryLoadBlock(s, i, (byte*)block, out int status))
            return status;
        for (int r = 0; r < i->A; r++)
            ((T*)VectorOf(s, i, r))[i->Option] = ((T*)block)[r];
        TBase.Update(s, i, s->X[i->N]);
        return Status.Next;
    }

    private static int StoreLane<T, TBase>(CpuState* s, Insn* i)
        where T : unmanaged
        where TBase : struct, IBase
    {
        ulong* block = stackalloc ulong[BlockBytes / sizeof(ulong)];
        for (int r = 0; r < i->A; r++)
            ((T*)block)[r] = ((T*)VectorOf(s, i, r))[i->Option];
        return StoreBlock<TBase>(s, i, (byte*)block);
    }

    private static int LoadReplicate<T, TBase>(CpuState* s, Insn* i)
        where T : unmanaged
        where TBase : struct, IBase
    {
        ulong* block = stackalloc ulong[BlockBytes / sizeof(ulong)];
        if (!TryLoadBlock(s, i, (byte*)block, out int status))
            return status;
        int elements = (IsQuadword(i) ? 16 : 8) / sizeof(T);
        for (int r = 0; r < i->A; r++)
        {
            ulong* register = VectorOf(s, i, r);
            register[1] = 0;
            for (int e = 0; e < elements; e++)
                ((T*)register)[e] = ((T*)block)[r];
        }
        TBase.Update(s, i, s->X[i->N]);
        return Status.Next;
    }

    /// <summary>Q: registers are 128 bits wide.</summary>
    private static bool IsQuadword(Insn* i) => (i->Word >> 30 & 1) != 0;

    /// <summary>The <paramref name="r"/>th register of the list, which wraps from V31 to V0.</summary>
    private static ulong* VectorOf(CpuState* s, Insn* i, int r) => &s->V[2 * ((i->D + r) & 31)];

    private static bool TryLoadBlock(CpuState* s, Insn* i, byte* block, out int status)
    {
        if (StackAlignment.IsViolated(s, i->N))
        {
            status = Raise.SpAlignment(s, i);
            return false;
        }
        status = Status.Leave;
        ulong va = s->X[i->N];
        if (GuestAccess.TryHostForRead(s, va, (int)i->Imm2, out byte* host))
        {
            // TryHostForRead vouches for the Imm2 bytes, and blocks are as large as the largest of them.
            Unsafe.CopyBlockUnaligned(block, host, (uint)i->Imm2);
            return true;
        }
        return i->Shift switch
        {
            0 => TryLoadElements<byte>(s, i, va, block),
            1 => TryLoadElements<ushort>(s, i, va, block),
            2 => TryLoadElements<uint>(s, i, va, block),
            _ => TryLoadElements<ulong>(s, i, va, block),
        };
    }

    private static bool TryLoadElements<T>(CpuState* s, Insn* i, ulong va, byte* block)
        where T : unmanaged
    {
        for (ulong offset = 0; offset < i->Imm2; offset += (ulong)sizeof(T))
        {
            if (!GuestAccess.TryRead(s, i, va + offset, out T element))
                return false;
            *(T*)(block + offset) = element;
        }
        return true;
    }

    private static int StoreBlock<TBase>(CpuState* s, Insn* i, byte* block)
        where TBase : struct, IBase
    {
        if (StackAlignment.IsViolated(s, i->N))
            return Raise.SpAlignment(s, i);
        ulong va = s->X[i->N];
        if (GuestAccess.TryHostForWrite(s, va, (int)i->Imm2, out byte* host))
        {
            CopyOnce(host, block, (int)i->Imm2, i->Shift);
        }
        else
        {
            bool stored = i->Shift switch
            {
                0 => TryStoreElements<byte>(s, i, va, block),
                1 => TryStoreElements<ushort>(s, i, va, block),
                2 => TryStoreElements<uint>(s, i, va, block),
                _ => TryStoreElements<ulong>(s, i, va, block),
            };
            if (!stored)
                return Status.Leave;
        }
        TBase.Update(s, i, va);
        return Status.Next;
    }

    /// <summary>
    /// Writes a block to guest RAM, of which the caller has made sure. Not the framework's copy: that writes some bytes of most lengths twice, and
    /// what another PE has stored there in between would be lost.
    /// </summary>
    private static void CopyOnce(byte* host, byte* block, int bytes, int shift)
    {
        // An aligned element that is part of a larger store is still written at once: no cache line ends within it.
        if ((bytes & 7) == 0)
            shift = 3;
        for (int offset = 0; offset < bytes; offset += 1 << shift)
        {
            byte* from = block + offset, to = host + offset;
            switch (shift)
            {
                case 0:
                    *to = *from;
                    break;
                case 1:
                    *(ushort*)to = *(ushort*)from;
                    break;
                case 2:
                    *(uint*)to = *(uint*)from;
                    break;
                default:
                    *(ulong*)to = *(ulong*)from;
                    break;
            }
        }
    }

    private static bool TryStoreElements<T>(CpuState* s, Insn* i, ulong va, byte* block)
        where T : unmanaged
    {
        for (ulong offset = 0; offset < i->Imm2; offset += (ulong)sizeof(T))
        {
            if (!GuestAccess.TryWrite(s, i, va + offset, *(T*)(block + offset)))
                return false;
        }
        return true;
    }

    private readonly struct Keep : IBase
    {
        public static void Update(CpuState* s, Insn* i, ulong va)
        {
        }
    }

    private readonly struct Advance : IBase
    {
        public static void Update(CpuState* s, Insn* i, ulong va) => s->X[i->N] = va + i->Imm + s->X[i->M];
    }
}
