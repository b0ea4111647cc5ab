using System.Runtime.Intrinsics;
using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>Load/store pair (DDI0487 C4.1.66). The non-temporal hint of LDNP and STNP is not used.</summary>
internal static unsafe class LoadStorePair
{
    internal static void Register(Binders b)
    {
        AddAll(b, LoadStorePairEncodings.NoAllocate, &Bind<BaseOffset>);
        AddAll(b, LoadStorePairEncodings.Offset, &Bind<BaseOffset>);
        AddAll(b, LoadStorePairEncodings.PreIndexed, &Bind<PreIndexed>);
        AddAll(b, LoadStorePairEncodings.PostIndexed, &Bind<PostIndexed>);
    }

    private static void AddAll(Binders b, EncodingGroup group, delegate*<Insn*, void> binder)
    {
        foreach (Encoding encoding in group.Encodings)
            b.Add(encoding, binder);
    }

    private static void Bind<TMode>(Insn* i)
        where TMode : struct, IAddressingMode
    {
        i->N = LoadStore.Base(i->Word);
        if (i->N == CpuState.Sp)
            BindTransfer<FromSp<TMode>>(i);
        else
            BindTransfer<TMode>(i);
    }

    private static void BindTransfer<TMode>(Insn* i)
        where TMode : struct, IAddressingMode
    {
        uint opc = i->Word >> 30, first = i->Word & 31, second = i->Word >> 10 & 31;
        bool isLoad = (i->Word >> 22 & 1) != 0;
        ulong offset = LoadStore.SignExtend(i->Word >> 15 & 0x7F, 7);
        if ((i->Word >> 26 & 1) != 0)
        {
            i->D = (byte)first;
            i->A = (byte)second;
            i->Imm = offset << (int)(2 + opc);
            i->Handler = (opc, isLoad) switch
            {
                (0, false) => &LoadStore.Execute<StorePair<uint, Vector<uint>>, TMode>,
                (0, true) => &LoadStore.Execute<LoadPair<uint, Vector<uint>>, TMode>,
                (1, false) => &LoadStore.Execute<StorePair<ulong, Vector<ulong>>, TMode>,
                (1, true) => &LoadStore.Execute<LoadPair<ulong, Vector<ulong>>, TMode>,
                (_, false) => &LoadStore.Execute<StorePair<Vector128<ulong>, Quadword>, TMode>,
                _ => &LoadStore.Execute<LoadPair<Vector128<ulong>, Quadword>, TMode>,
            };
            return;
        }
        i->D = isLoad ? LoadStore.Destination(first) : LoadStore.Source(first);
        i->A = isLoad ? LoadStore.Destination(second) : LoadStore.Source(second);
        i->Imm = offset << (opc == 2 ? 3 : 2);
        i->Handler = (opc, isLoad) switch
        {
            (0, false) => &LoadStore.Execute<StorePair<uint, General<uint>>, TMode>,
            (0, true) => &LoadStore.Execute<LoadPair<uint, General<uint>>, TMode>,
            (1, _) => &LoadStore.Execute<LoadPair<int, SignedTo64<int>>, TMode>,
            (_, false) => &LoadStore.Execute<StorePair<ulong, General<ulong>>, TMode>,
            _ => &LoadStore.Execute<LoadPair<ulong, General<ulong>>, TMode>,
        };
    }
}
