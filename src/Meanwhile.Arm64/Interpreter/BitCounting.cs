using System.Buffers.Binary;
using System.Numerics;
using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>Data processing with one source: bit and byte reversal, leading zeros and sign bits (DDI0487 C3.6.8, C3.6.9).</summary>
internal static unsafe class BitCounting
{
    public static void Register(Binders b)
    {
        b.Add(DataProcessingRegisterEncodings.RBIT, &BindRbit);
        b.Add(DataProcessingRegisterEncodings.REV16, &BindRev16);
        b.Add(DataProcessingRegisterEncodings.REV_32, &BindRev32Bit);
        b.Add(DataProcessingRegisterEncodings.REV32, &BindRev32);
        b.Add(DataProcessingRegisterEncodings.REV_64, &BindRev64Bit);
        b.Add(DataProcessingRegisterEncodings.CLZ, &BindClz);
        b.Add(DataProcessingRegisterEncodings.CLS, &BindCls);
    }

    private static bool Unpack(Insn* i)
    {
        i->D = Slot.Destination(i->Word, 0);
        i->N = Slot.Source(i->Word, 5);
        return i->Word >> 31 != 0;
    }

    private static void BindRbit(Insn* i) => i->Handler = Unpack(i) ? &Rbit64 : &Rbit32;

    private static void BindRev16(Insn* i) => i->Handler = Unpack(i) ? &Rev16In64 : &Rev16In32;

    private static void BindClz(Insn* i) => i->Handler = Unpack(i) ? &Clz64 : &Clz32;

    private static void BindCls(Insn* i) => i->Handler = Unpack(i) ? &Cls64 : &Cls32;

    private static void BindRev32Bit(Insn* i)
    {
        Unpack(i);
        i->Handler = &RevOf32;
    }

    private static void BindRev32(Insn* i)
    {
        Unpack(i);
        i->Handler = &Rev32In64;
    }

    private static void BindRev64Bit(Insn* i)
    {
        Unpack(i);
        i->Handler = &RevOf64;
    }

    /// <summary>Reverses the bits of each byte, then the bytes.</summary>
    private static ulong ReverseBits(ulong x)
    {
        x = ((x >> 1) & 0x5555_5555_5555_5555) | ((x & 0x5555_5555_5555_5555) << 1);
        x = ((x >> 2) & 0x3333_3333_3333_3333) | ((x & 0x3333_3333_3333_3333) << 2);
        x = ((x >> 4) & 0x0F0F_0F0F_0F0F_0F0F) | ((x & 0x0F0F_0F0F_0F0F_0F0F) << 4);
        return BinaryPrimitives.ReverseEndianness(x);
    }

    private static ulong SwapInHalfwords(ulong x) => ((x >> 8) & 0x00FF_00FF_00FF_00FF) | ((x & 0x00FF_00FF_00FF_00FF) << 8);

    private static int Rbit64(CpuState* s, Insn* i)
    {
        s->X[i->D] = ReverseBits(s->X[i->N]);
        return Status.Next;
    }

    private static int Rbit32(CpuState* s, Insn* i)
    {
        s->X[i->D] = ReverseBits(s->X[i->N]) >> 32;
        return Status.Next;
    }

    private static int Rev16In64(CpuState* s, Insn* i)
    {
        s->X[i->D] = SwapInHalfwords(s->X[i->N]);
        return Status.Next;
    }

    private static int Rev16In32(CpuState* s, Insn* i)
    {
        s->X[i->D] = (uint)SwapInHalfwords(s->X[i->N]);
        return Status.Next;
    }

    private static int RevOf32(CpuState* s, Insn* i)
    {
        s->X[i->D] = BinaryPrimitives.ReverseEndianness((uint)s->X[i->N]);
        return Status.Next;
    }

    private static int Rev32In64(CpuState* s, Insn* i)
    {
        s->X[i->D] = BitOperations.RotateLeft(BinaryPrimitives.ReverseEndianness(s->X[i->N]), 32);
        return Status.Next;
    }

    private static int RevOf64(CpuState* s, Insn* i)
    {
        s->X[i->D] = BinaryPrimitives.ReverseEndianness(s->X[i->N]);
        return Status.Next;
    }

    private static int Clz64(CpuState* s, Insn* i)
    {
        s->X[i->D] = (ulong)BitOperations.LeadingZeroCount(s->X[i->N]);
        return Status.Next;
    }

    private static int Clz32(CpuState* s, Insn* i)
    {
        s->X[i->D] = (ulong)BitOperations.LeadingZeroCount((uint)s->X[i->N]);
        return Status.Next;
    }

    private static int Cls64(CpuState* s, Insn* i)
    {
        long x = (long)s->X[i->N];
        s->X[i->D] = (ulong)BitOperations.LeadingZeroCount((ulong)(x ^ (x >> 1))) - 1;
        return Status.Next;
    }

    private static int Cls32(CpuState* s, Insn* i)
    {
        int x = (int)s->X[i->N];
        s->X[i->D] = (ulong)BitOperations.LeadingZeroCount((uint)(x ^ (x >> 1))) - 1;
        return Status.Next;
    }
}
