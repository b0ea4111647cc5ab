using System.Numerics;
using System.Runtime.Intrinsics;
using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>Advanced SIMD copy, vector and scalar.</summary>
internal static unsafe class Copy
{
    public static void Register(Binders b)
    {
        b.Add(SimdCopyEncodings.DUP_elt, &BindDupElement);
        b.Add(SimdCopyEncodings.DUP_elt_scalar, &BindDupElementScalar);
        b.Add(SimdCopyEncodings.DUP_gen, &BindDupGeneral);
        b.Add(SimdCopyEncodings.SMOV, &BindSmov);
        b.Add(SimdCopyEncodings.UMOV, &BindUmov);
        b.Add(SimdCopyEncodings.INS_gen, &BindInsGeneral);
        b.Add(SimdCopyEncodings.INS_elt, &BindInsElement);
    }

    // Option: the lane that imm5 names. Returns its size: the lowest set bit of imm5.
    private static int BindElement(Insn* i)
    {
        Operands.Registers(i);
        uint imm5 = i->Word >> 16 & 31;
        int size = BitOperations.TrailingZeroCount(imm5);
        i->Option = (byte)(imm5 >> (size + 1));
        return size;
    }

    private static byte SourceX(Insn* i) => i->N == 31 ? (byte)CpuState.Zr : i->N;

    private static byte DestinationX(Insn* i) => i->D == 31 ? (byte)CpuState.Sink : i->D;

    private static void BindDupElement(Insn* i)
        => i->Handler = (BindElement(i), Operands.Q(i)) switch
        {
            (0, true) => &DupElement<byte, Full>,
            (1, true) => &DupElement<ushort, Full>,
            (2, true) => &DupElement<uint, Full>,
            (_, true) => &DupElement<ulong, Full>,
            (0, false) => &DupElement<byte, Half>,
            (1, false) => &DupElement<ushort, Half>,
            _ => &DupElement<uint, Half>,
        };

    private static void BindDupElementScalar(Insn* i)
        => i->Handler = BindElement(i) switch
        {
            0 => &DupElement<byte, Scalar>,
            1 => &DupElement<ushort, Scalar>,
            2 => &DupElement<uint, Scalar>,
            _ => &DupElement<ulong, Scalar>,
        };

    private static void BindDupGeneral(Insn* i)
    {
        int size = BindElement(i);
        i->N = SourceX(i);
        i->Handler = (size, Operands.Q(i)) switch
        {
            (0, true) => &DupGeneral<byte, Full>,
            (1, true) => &DupGeneral<ushort, Full>,
            (2, true) => &DupGeneral<uint, Full>,
            (_, true) => &DupGeneral<ulong, Full>,
            (0, false) => &DupGeneral<byte, Half>,
            (1, false) => &DupGeneral<ushort, Half>,
            _ => &DupGeneral<uint, Half>,
        };
    }

    private static void BindSmov(Insn* i)
    {
        int size = BindElement(i);
        i->D = DestinationX(i);
        i->Handler = (size, Operands.Q(i)) switch
        {
            (0, true) => &MoveSigned<sbyte>,
            (1, true) => &MoveSigned<short>,
            (_, true) => &MoveSigned<int>,
            (0, false) => &MoveSigned32<sbyte>,
            _ => &MoveSigned32<short>,
        };
    }

    private static void BindUmov(Insn* i)
    {
        int size = BindElement(i);
        i->D = DestinationX(i);
        i->Handler = size switch
        {
            0 => &MoveUnsigned<byte>,
            1 => &MoveUnsigned<ushort>,
            2 => &MoveUnsigned<uint>,
            _ => &MoveUnsigned<ulong>,
        };
    }

    private static void BindInsGeneral(Insn* i)
    {
        int size = BindElement(i);
        i->N = SourceX(i);
        i->Handler = size switch
        {
            0 => &InsertGeneral<byte>,
            1 => &InsertGeneral<ushort>,
            2 => &InsertGeneral<uint>,
            _ => &InsertGeneral<ulong>,
        };
    }

    // Shift: the source lane, in imm4.
    private static void BindInsElement(Insn* i)
    {
        int size = BindElement(i);
        i->Shift = (byte)((i->Word >> 11 & 15) >> size);
        i->Handler = size switch
        {
            0 => &InsertElement<byte>,
            1 => &InsertElement<ushort>,
            2 => &InsertElement<uint>,
            _ => &InsertElement<ulong>,
        };
    }

    private static T* Lane<T>(CpuState* s, int register, int lane)
        where T : unmanaged => (T*)(s->V + 2 * register) + lane;

    private static int DupElement<T, TShape>(CpuState* s, Insn* i)
        where T : unmanaged
        where TShape : struct, IShape
    {
        TShape.Store(s, i->D, Vector128.Create(*Lane<T>(s, i->N, i->Option)));
        return Status.Next;
    }

    private static int DupGeneral<T, TShape>(CpuState* s, Insn* i)
        where T : unmanaged, IBinaryInteger<T>
        where TShape : struct, IShape
    {
        TShape.Store(s, i->D, Vector128.Create(T.CreateTruncating(s->X[i->N])));
        return Status.Next;
    }

    private static int MoveSigned<T>(CpuState* s, Insn* i)
        where T : unmanaged, IBinaryInteger<T>
    {
        s->X[i->D] = (ulong)long.CreateTruncating(*Lane<T>(s, i->N, i->Option));
        return Status.Next;
    }

    private static int MoveSigned32<T>(CpuState* s, Insn* i)
        where T : unmanaged, IBinaryInteger<T>
    {
        s->X[i->D] = (uint)int.CreateTruncating(*Lane<T>(s, i->N, i->Option));
        return Status.Next;
    }

    private static int MoveUnsigned<T>(CpuState* s, Insn* i)
        where T : unmanaged, IBinaryInteger<T>
    {
        s->X[i->D] = ulong.CreateTruncating(*Lane<T>(s, i->N, i->Option));
        return Status.Next;
    }

    private static int InsertGeneral<T>(CpuState* s, Insn* i)
        where T : unmanaged, IBinaryInteger<T>
    {
        *Lane<T>(s, i->D, i->Option) = T.CreateTruncating(s->X[i->N]);
        return Status.Next;
    }

    private static int InsertElement<T>(CpuState* s, Insn* i)
        where T : unmanaged
    {
        *Lane<T>(s, i->D, i->Option) = *Lane<T>(s, i->N, i->Shift);
        return Status.Next;
    }
}
