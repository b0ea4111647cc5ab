using System.Numerics;
using System.Runtime.CompilerServices;
using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Exceptions;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>
/// CAS and CASP of FEAT_LSE (DDI0487 C6.2.50, C6.2.51). All orderings are the same here: the host's interlocked operations are full
/// barriers. Rs is read from slot M and written to slot A, because register 31 is two slots.
/// </summary>
internal static unsafe class CompareAndSwap
{
    internal static void Register(Binders b)
    {
        b.Add(LoadStoreExclusiveEncodings.CAS, &BindSingle);
        b.Add(LoadStoreExclusiveEncodings.CASP, &BindPair);
    }

    private static void BindSingle(Insn* i)
    {
        BindRegisters(i);
        i->Handler = (i->Word >> 30) switch
        {
            0 => &Single<byte>,
            1 => &Single<ushort>,
            2 => &Single<uint>,
            _ => &Single<ulong>,
        };
    }

    private static void BindPair(Insn* i)
    {
        BindRegisters(i);
        i->Handler = (i->Word >> 30) == 0 ? &WordPair : &DoublewordPair;
    }

    private static void BindRegisters(Insn* i)
    {
        i->D = LoadStore.Source(i->Word & 31);
        i->N = LoadStore.Base(i->Word);
        i->M = LoadStore.Source(i->Word >> 16 & 31);
        i->A = LoadStore.Destination(i->Word >> 16 & 31);
    }

    private static int Single<T>(CpuState* s, Insn* i)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (StackAlignment.IsViolated(s, i->N))
            return Raise.SpAlignment(s, i);
        byte* host = GuestAccess.HostForAtomic(s, i, s->X[i->N], sizeof(T));
        if (host is null)
            return Status.Leave;
        // HostForAtomic answered with aligned writable guest RAM.
        T old = Interlocked.CompareExchange(ref Unsafe.AsRef<T>(host), T.CreateTruncating(s->X[i->D]), T.CreateTruncating(s->X[i->M]));
        s->X[i->A] = ulong.CreateTruncating(old);
        return Status.Next;
    }

    private static int WordPair(CpuState* s, Insn* i)
    {
        if (StackAlignment.IsViolated(s, i->N))
            return Raise.SpAlignment(s, i);
        byte* host = GuestAccess.HostForAtomic(s, i, s->X[i->N], sizeof(ulong));
        if (host is null)
            return Status.Leave;
        ulong expected = (uint)s->X[i->M] | s->X[SecondSource(i->M)] << 32;
        ulong desired = (uint)s->X[i->D] | s->X[SecondSource(i->D)] << 32;
        // As in Single.
        ulong old = Interlocked.CompareExchange(ref Unsafe.AsRef<ulong>(host), desired, expected);
        s->X[i->A] = (uint)old;
        s->X[SecondDestination(i->A)] = old >> 32;
        return Status.Next;
    }

    private static int DoublewordPair(CpuState* s, Insn* i)
    {
        if (StackAlignment.IsViolated(s, i->N))
            return Raise.SpAlignment(s, i);
        byte* host = GuestAccess.HostForAtomic(s, i, s->X[i->N], 2 * sizeof(ulong));
        if (host is null)
            return Status.Leave;
        WideAtomics.CompareExchange(
            host,
            s->X[i->M],
            s->X[SecondSource(i->M)],
            s->X[i->D],
            s->X[SecondSource(i->D)],
            out ulong oldLow,
            out ulong oldHigh);
        s->X[i->A] = oldLow;
        s->X[SecondDestination(i->A)] = oldHigh;
        return Status.Next;
    }

    /// <summary>The other register of a pair whose first is even, so that 31 can only be second.</summary>
    private static byte SecondSource(byte first) => LoadStore.Source(first + 1u);

    /// <summary>As <see cref="SecondSource"/>, to be written.</summary>
    private static byte SecondDestination(byte first) => LoadStore.Destination(first + 1u);
}
