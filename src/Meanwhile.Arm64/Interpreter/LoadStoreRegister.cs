using System.Runtime.Intrinsics;
using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>Load/store register: immediate, unprivileged, register offset and literal forms (DDI0487 C4.1.66).</summary>
internal static unsafe class LoadStoreRegister
{
    internal static void Register(Binders b)
    {
        AddAll(b, LoadStoreImmediateEncodings.UnsignedOffset, &BindUnsignedOffset);
        AddAll(b, LoadStoreImmediateEncodings.Unscaled, &BindUnscaled);
        AddAll(b, LoadStoreImmediateEncodings.PreIndexed, &BindPreIndexed);
        AddAll(b, LoadStoreImmediateEncodings.PostIndexed, &BindPostIndexed);
        AddAll(b, LoadStoreImmediateEncodings.Unprivileged, &BindUnprivileged);
        AddAll(b, LoadStoreRegisterOffsetEncodings.Group, &BindRegisterOffset);
        AddAll(b, LoadLiteralEncodings.Group, &BindLiteral);
    }

    private static void AddAll(Binders b, EncodingGroup group, delegate*<Insn*, void> binder)
    {
        foreach (Encoding encoding in group.Encodings)
            b.Add(encoding, binder);
    }

    private static void BindUnsignedOffset(Insn* i)
    {
        i->Imm = (i->Word >> 10 & 0xFFF) << SizeShift(i->Word);
        BindBase<BaseOffset>(i);
    }

    private static void BindUnscaled(Insn* i) => BindImm9<BaseOffset>(i);

    private static void BindPreIndexed(Insn* i) => BindImm9<PreIndexed>(i);

    private static void BindPostIndexed(Insn* i) => BindImm9<PostIndexed>(i);

    private static void BindUnprivileged(Insn* i) => BindImm9<UnprivilegedOffset>(i);

    private static void BindRegisterOffset(Insn* i)
    {
        uint word = i->Word;
        i->M = LoadStore.Source(word >> 16 & 31);
        i->Shift = (byte)((word >> 12 & 1) != 0 ? SizeShift(word) : 0);
        switch (word >> 13 & 7)
        {
            case 0b010:
                BindBase<UnsignedWordOffset>(i);
                break;
            case 0b110:
                BindBase<SignedWordOffset>(i);
                break;
            default:
                BindBase<RegisterOffset>(i);
                break;
        }
    }

    private static void BindImm9<TMode>(Insn* i)
        where TMode : struct, IAddressingMode
    {
        i->Imm = LoadStore.SignExtend(i->Word >> 12 & 0x1FF, 9);
        BindBase<TMode>(i);
    }

    private static void BindBase<TMode>(Insn* i)
        where TMode : struct, IAddressingMode
    {
        i->N = LoadStore.Base(i->Word);
        if (i->N == CpuState.Sp)
            BindTransfer<FromSp<TMode>>(i);
        else
            BindTransfer<TMode>(i);
    }

    /// <summary>log2 of the bytes moved: size, and opc&lt;1&gt; where it makes a SIMD&amp;FP access 128 bits wide.</summary>
    private static int SizeShift(uint word) => (word & 0x0480_0000) == 0x0480_0000 ? 4 : (int)(word >> 30);

    private static void BindTransfer<TMode>(Insn* i)
        where TMode : struct, IAddressingMode
    {
        uint size = i->Word >> 30, opc = i->Word >> 22 & 3;
        bool isVector = (i->Word >> 26 & 1) != 0;
        uint register = i->Word & 31;
        i->D = isVector ? (byte)register : opc == 0 ? LoadStore.Source(register) : LoadStore.Destination(register);
        i->Handler = isVector ? SelectVector<TMode>(size, opc) : SelectGeneral<TMode>(size, opc);
    }

    private static delegate*<CpuState*, Insn*, int> SelectGeneral<TMode>(uint size, uint opc)
        where TMode : struct, IAddressingMode => (size << 2 | opc) switch
        {
            0b0000 => &LoadStore.Execute<Store<byte, General<byte>>, TMode>,
            0b0001 => &LoadStore.Execute<Load<byte, General<byte>>, TMode>,
            0b0010 => &LoadStore.Execute<Load<sbyte, SignedTo64<sbyte>>, TMode>,
            0b0011 => &LoadStore.Execute<Load<sbyte, SignedTo32<sbyte>>, TMode>,
            0b0100 => &LoadStore.Execute<Store<ushort, General<ushort>>, TMode>,
            0b0101 => &LoadStore.Execute<Load<ushort, General<ushort>>, TMode>,
            0b0110 => &LoadStore.Execute<Load<short, SignedTo64<short>>, TMode>,
            0b0111 => &LoadStore.Execute<Load<short, SignedTo32<short>>, TMode>,
            0b1000 => &LoadStore.Execute<Store<uint, General<uint>>, TMode>,
            0b1001 => &LoadStore.Execute<Load<uint, General<uint>>, TMode>,
            0b1010 => &LoadStore.Execute<Load<int, SignedTo64<int>>, TMode>,
            0b1100 => &LoadStore.Execute<Store<ulong, General<ulong>>, TMode>,
            0b1101 => &LoadStore.Execute<Load<ulong, General<ulong>>, TMode>,
            _ => &LoadStore.Prefetch,
        };

    private static delegate*<CpuState*, Insn*, int> SelectVector<TMode>(uint size, uint opc)
        where TMode : struct, IAddressingMode => (size << 2 | opc) switch
        {
            0b0000 => &LoadStore.Execute<Store<byte, Vector<byte>>, TMode>,
            0b0001 => &LoadStore.Execute<Load<byte, Vector<byte>>, TMode>,
            0b0010 => &LoadStore.Execute<Store<Vector128<ulong>, Quadword>, TMode>,
            0b0011 => &LoadStore.Execute<Load<Vector128<ulong>, Quadword>, TMode>,
            0b0100 => &LoadStore.Execute<Store<ushort, Vector<ushort>>, TMode>,
            0b0101 => &LoadStore.Execute<Load<ushort, Vector<ushort>>, TMode>,
            0b1000 => &LoadStore.Execute<Store<uint, Vector<uint>>, TMode>,
            0b1001 => &LoadStore.Execute<Load<uint, Vector<uint>>, TMode>,
            0b1100 => &LoadStore.Execute<Store<ulong, Vector<ulong>>, TMode>,
            _ => &LoadStore.Execute<Load<ulong, Vector<ulong>>, TMode>,
        };

    private static void BindLiteral(Insn* i)
    {
        i->Imm = LoadStore.SignExtend(i->Word >> 5 & 0x7FFFF, 19) << 2;
        uint opc = i->Word >> 30, register = i->Word & 31;
        if ((i->Word >> 26 & 1) != 0)
        {
            i->D = (byte)register;
            i->Handler = opc switch
            {
                0 => &LoadStore.Execute<Load<uint, Vector<uint>>, Literal>,
                1 => &LoadStore.Execute<Load<ulong, Vector<ulong>>, Literal>,
                _ => &LoadStore.Execute<Load<Vector128<ulong>, Quadword>, Literal>,
            };
            return;
        }
        i->D = LoadStore.Destination(register);
        i->Handler = opc switch
        {
            0 => &LoadStore.Execute<Load<uint, General<uint>>, Literal>,
            1 => &LoadStore.Execute<Load<ulong, General<ulong>>, Literal>,
            2 => &LoadStore.Execute<Load<int, SignedTo64<int>>, Literal>,
            _ => &LoadStore.Prefetch,
        };
    }
}
