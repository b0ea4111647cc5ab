using Meanwhile.Arm64.FloatingPoint;

namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

/// <summary>FCVTL, FCVTN and FCVTXN: conversion between precisions, where the 2 forms use the upper half of the narrow vector.</summary>
/// <remarks>Unsafe: register numbers come from 5-bit fields, so every access is inside <see cref="CpuState.V"/>.</remarks>
internal static unsafe class VectorFpPrecision
{
    /// <summary>Binds FCVTL and FCVTL2: bit 22 chooses single to double over half to single.</summary>
    public static void BindLong(Insn* i)
    {
        VectorFp.Unpack(i);
        i->Handler = ScalarFp.IsDouble(i) ? &SinglesToDoubles : &HalvesToSingles;
    }

    /// <summary>Binds FCVTN and FCVTN2: bit 22 chooses double to single over single to half.</summary>
    public static void BindNarrow(Insn* i)
    {
        VectorFp.Unpack(i);
        i->Handler = ScalarFp.IsDouble(i) ? &DoublesToSingles : &SinglesToHalves;
    }

    /// <summary>Binds FCVTXN and FCVTXN2.</summary>
    public static void BindNarrowToOdd(Insn* i)
    {
        VectorFp.Unpack(i);
        i->Handler = &DoublesToOddSingles;
    }

    /// <summary>Binds FCVTXN (scalar).</summary>
    public static void BindScalarNarrowToOdd(Insn* i)
    {
        ScalarFp.Unpack(i);
        i->Handler = &DoubleToOddSingle;
    }

    private static int SinglesToDoubles(CpuState* s, Insn* i)
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong narrow = s->V[2 * i->N + i->A];
        ulong* d = s->V + 2 * i->D;
        d[0] = FpConvert.Convert<Single32, Double64>((uint)narrow, ref env);
        d[1] = FpConvert.Convert<Single32, Double64>(narrow >> 32, ref env);
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int HalvesToSingles(CpuState* s, Insn* i)
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong narrow = s->V[2 * i->N + i->A];
        ulong* d = s->V + 2 * i->D;
        for (int word = 0; word < 2; word++)
        {
            ulong low = FpConvert.Convert<Half16, Single32>((ushort)narrow, ref env);
            d[word] = low | (FpConvert.Convert<Half16, Single32>((ushort)(narrow >> 16), ref env) << 32);
            narrow >>= 32;
        }
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int DoublesToSingles(CpuState* s, Insn* i)
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong* n = s->V + 2 * i->N;
        ulong low = FpConvert.Convert<Double64, Single32>(n[0], ref env);
        WriteNarrow(s, i, low | (FpConvert.Convert<Double64, Single32>(n[1], ref env) << 32));
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int SinglesToHalves(CpuState* s, Insn* i)
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        uint* n = (uint*)(s->V + 2 * i->N);
        ulong narrow = 0;
        for (int element = 0; element < 4; element++)
            narrow |= FpConvert.Convert<Single32, Half16>(n[element], ref env) << (16 * element);
        WriteNarrow(s, i, narrow);
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int DoublesToOddSingles(CpuState* s, Insn* i)
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ulong* n = s->V + 2 * i->N;
        ulong low = FpConvert.Convert<Double64, Single32>(n[0], Rounding.Odd, ref env);
        WriteNarrow(s, i, low | (FpConvert.Convert<Double64, Single32>(n[1], Rounding.Odd, ref env) << 32));
        s->Fpsr = env.Status;
        return Status.Next;
    }

    private static int DoubleToOddSingle(CpuState* s, Insn* i)
    {
        var env = new FpEnvironment(s->Fpcr, s->Fpsr);
        ScalarFp.Write(s, i->D, FpConvert.Convert<Double64, Single32>(s->V[2 * i->N], Rounding.Odd, ref env));
        s->Fpsr = env.Status;
        return Status.Next;
    }

    /// <summary>Q clear: the low half, and zeros above; Q set: the upper half only.</summary>
    private static void WriteNarrow(CpuState* s, Insn* i, ulong narrow)
    {
        if (VectorFp.IsFull(i))
            s->V[2 * i->D + 1] = narrow;
        else
            ScalarFp.Write(s, i->D, narrow);
    }
}
