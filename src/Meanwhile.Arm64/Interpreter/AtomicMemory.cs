using System.Numerics;
using System.Runtime.CompilerServices;
using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Exceptions;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>The function of an atomic memory operation.</summary>
internal interface IAtomicFunction
{
    /// <summary>What memory becomes; <typeparamref name="T"/> is unsigned.</summary>
    static abstract T Apply<T>(T memory, T operand)
        where T : unmanaged, IBinaryInteger<T>;
}

/// <summary>
/// Atomic memory operations of FEAT_LSE (DDI0487 C4.1.66): LDADD and its family, SWP. All orderings are the same here: the host's interlocked
/// operations are full barriers.
/// </summary>
internal static unsafe class AtomicMemory
{
    internal static void Register(Binders b)
    {
        Add<Sum>(b, AtomicMemoryEncodings.LDADD);
        Add<Clear>(b, AtomicMemoryEncodings.LDCLR);
        Add<ExclusiveOr>(b, AtomicMemoryEncodings.LDEOR);
        Add<Set>(b, AtomicMemoryEncodings.LDSET);
        Add<SignedMaximum>(b, AtomicMemoryEncodings.LDSMAX);
        Add<SignedMinimum>(b, AtomicMemoryEncodings.LDSMIN);
        Add<UnsignedMaximum>(b, AtomicMemoryEncodings.LDUMAX);
        Add<UnsignedMinimum>(b, AtomicMemoryEncodings.LDUMIN);
        Add<Replacement>(b, AtomicMemoryEncodings.SWP);
    }

    private static void Add<TFunction>(Binders b, Encoding encoding)
        where TFunction : struct, IAtomicFunction => b.Add(encoding, &Bind<TFunction>);

    private static void Bind<TFunction>(Insn* i)
        where TFunction : struct, IAtomicFunction
    {
        i->D = LoadStore.Destination(i->Word & 31);
        i->N = LoadStore.Base(i->Word);
        i->M = LoadStore.Source(i->Word >> 16 & 31);
        i->Handler = (i->Word >> 30) switch
        {
            0 => &Execute<byte, TFunction>,
            1 => &Execute<ushort, TFunction>,
            2 => &Execute<uint, TFunction>,
            _ => &Execute<ulong, TFunction>,
        };
    }

    private static int Execute<T, TFunction>(CpuState* s, Insn* i)
        where T : unmanaged, IBinaryInteger<T>
        where TFunction : struct, IAtomicFunction
    {
        if (StackAlignment.IsViolated(s, i->N))
            return Raise.SpAlignment(s, i);
        byte* host = GuestAccess.HostForAtomic(s, i, s->X[i->N], sizeof(T));
        if (host is null)
            return Status.Leave;
        T operand = T.CreateTruncating(s->X[i->M]);
        // HostForAtomic answered with aligned writable guest RAM.
        ref T memory = ref Unsafe.AsRef<T>(host);
        T seen = memory;
        while (true)
        {
            T before = Interlocked.CompareExchange(ref memory, TFunction.Apply(seen, operand), seen);
            if (before == seen)
                break;
            seen = before;
        }
        s->X[i->D] = ulong.CreateTruncating(seen);
        return Status.Next;
    }

    private readonly struct Sum : IAtomicFunction
    {
        public static T Apply<T>(T memory, T operand)
            where T : unmanaged, IBinaryInteger<T> => memory + operand;
    }

    private readonly struct Clear : IAtomicFunction
    {
        public static T Apply<T>(T memory, T operand)
            where T : unmanaged, IBinaryInteger<T> => memory & ~operand;
    }

    private readonly struct ExclusiveOr : IAtomicFunction
    {
        public static T Apply<T>(T memory, T operand)
            where T : unmanaged, IBinaryInteger<T> => memory ^ operand;
    }

    private readonly struct Set : IAtomicFunction
    {
        public static T Apply<T>(T memory, T operand)
            where T : unmanaged, IBinaryInteger<T> => memory | operand;
    }

    private readonly struct SignedMaximum : IAtomicFunction
    {
        public static T Apply<T>(T memory, T operand)
            where T : unmanaged, IBinaryInteger<T> => (memory ^ SignBit<T>()) > (operand ^ SignBit<T>()) ? memory : operand;
    }

    private readonly struct SignedMinimum : IAtomicFunction
    {
        public static T Apply<T>(T memory, T operand)
            where T : unmanaged, IBinaryInteger<T> => (memory ^ SignBit<T>()) < (operand ^ SignBit<T>()) ? memory : operand;
    }

    private readonly struct UnsignedMaximum : IAtomicFunction
    {
        public static T Apply<T>(T memory, T operand)
            where T : unmanaged, IBinaryInteger<T> => memory > operand ? memory : operand;
    }

    private readonly struct UnsignedMinimum : IAtomicFunction
    {
        public static T Apply<T>(T memory, T operand)
            where T : unmanaged, IBinaryInteger<T> => memory < operand ? memory : operand;
    }

    private readonly struct Replacement : IAtomicFunction
    {
        public static T Apply<T>(T memory, T operand)
            where T : unmanaged, IBinaryInteger<T> => operand;
    }

    /// <summary>Flipping the sign bit turns the signed order into the unsigned one.</summary>
    private static T SignBit<T>()
        where T : unmanaged, IBinaryInteger<T> => T.One << ((8 * sizeof(T)) - 1);
}
