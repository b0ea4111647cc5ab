using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>Exclusives, load-acquire and store-release (DDI0487 C4.1.66).</summary>
internal static unsafe class LoadStoreExclusive
{
    internal static void Register(Binders b)
    {
        b.Add(LoadStoreExclusiveEncodings.LDXR, &BindLoad);
        b.Add(LoadStoreExclusiveEncodings.LDAXR, &BindLoad);
        b.Add(LoadStoreExclusiveEncodings.STXR, &BindStore);
        b.Add(LoadStoreExclusiveEncodings.STLXR, &BindStore);
        b.Add(LoadStoreExclusiveEncodings.LDXP, &BindLoadPair);
        b.Add(LoadStoreExclusiveEncodings.LDAXP, &BindLoadPair);
        b.Add(LoadStoreExclusiveEncodings.STXP, &BindStorePair);
        b.Add(LoadStoreExclusiveEncodings.STLXP, &BindStorePair);
        b.Add(LoadStoreExclusiveEncodings.LDAR, &BindLoadOrdered);
        b.Add(LoadStoreExclusiveEncodings.STLR, &BindStoreOrdered);
    }

    private static void BindLoad(Insn* i)
    {
        i->D = LoadStore.Destination(i->Word & 31);
        BindSize<LoadExclusive<byte>, LoadExclusive<ushort>, LoadExclusive<uint>, LoadExclusive<ulong>>(i);
    }

    private static void BindStore(Insn* i)
    {
        i->D = LoadStore.Source(i->Word & 31);
        i->M = LoadStore.Destination(i->Word >> 16 & 31);
        BindSize<StoreExclusive<byte>, StoreExclusive<ushort>, StoreExclusive<uint>, StoreExclusive<ulong>>(i);
    }

    private static void BindLoadPair(Insn* i)
    {
        i->D = LoadStore.Destination(i->Word & 31);
        i->A = LoadStore.Destination(i->Word >> 10 & 31);
        if (i->Word >> 30 == 2)
            BindBase<LoadExclusiveWordPair>(i);
        else
            BindBase<LoadExclusiveDoublewordPair>(i);
    }

    private static void BindStorePair(Insn* i)
    {
        i->D = LoadStore.Source(i->Word & 31);
        i->A = LoadStore.Source(i->Word >> 10 & 31);
        i->M = LoadStore.Destination(i->Word >> 16 & 31);
        if (i->Word >> 30 == 2)
            BindBase<StoreExclusiveWordPair>(i);
        else
            BindBase<StoreExclusiveDoublewordPair>(i);
    }

    private static void BindLoadOrdered(Insn* i)
    {
        i->D = LoadStore.Destination(i->Word & 31);
        BindSize<LoadOrdered<byte>, LoadOrdered<ushort>, LoadOrdered<uint>, LoadOrdered<ulong>>(i);
    }

    private static void BindStoreOrdered(Insn* i)
    {
        i->D = LoadStore.Source(i->Word & 31);
        BindSize<StoreOrdered<byte>, StoreOrdered<ushort>, StoreOrdered<uint>, StoreOrdered<ulong>>(i);
    }

    private static void BindSize<TByte, THalfword, TWord, TDoubleword>(Insn* i)
        where TByte : struct, ITransfer
        where THalfword : struct, ITransfer
        where TWord : struct, ITransfer
        where TDoubleword : struct, ITransfer
    {
        switch (i->Word >> 30)
        {
            case 0:
                BindBase<TByte>(i);
                break;
            case 1:
                BindBase<THalfword>(i);
                break;
            case 2:
                BindBase<TWord>(i);
                break;
            default:
                BindBase<TDoubleword>(i);
                break;
        }
    }

    private static void BindBase<TTransfer>(Insn* i)
        where TTransfer : struct, ITransfer
    {
        i->N = LoadStore.Base(i->Word);
        i->Imm = 0;
        i->Handler = i->N == CpuState.Sp ? &LoadStore.Execute<TTransfer, FromSp<BaseOffset>> : &LoadStore.Execute<TTransfer, BaseOffset>;
    }
}
