using System.Runtime.Intrinsics;
using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>Advanced SIMD permute, extract and table lookup.</summary>
internal static unsafe class Permute
{
    public static void Register(Binders b)
    {
        b.Add(SimdPermuteEncodings.UZP1, &Bind.UnsignedOr<Uzp1, Joined<Uzp1>>);
        b.Add(SimdPermuteEncodings.UZP2, &Bind.UnsignedOr<Uzp2, Joined<Uzp2>>);
        b.Add(SimdPermuteEncodings.ZIP1, &Bind.Unsigned<Zip1>);
        b.Add(SimdPermuteEncodings.ZIP2, &Bind.UnsignedOr<Zip2, Zip2Half>);
        b.Add(SimdPermuteEncodings.TRN1, &Bind.Unsigned<Trn1>);
        b.Add(SimdPermuteEncodings.TRN2, &Bind.Unsigned<Trn2>);
        b.Add(SimdPermuteEncodings.EXT, &BindExt);
        b.Add(SimdPermuteEncodings.TBL, &BindTbl);
        b.Add(SimdPermuteEncodings.TBX, &BindTbx);
    }

    private static void BindExt(Insn* i)
    {
        Operands.Registers(i);
        i->Shift = (byte)(i->Word >> 11 & 15);
        i->Handler = Operands.Q(i) ? &Ext<Full> : &Ext<Half>;
    }

    private static void BindTbl(Insn* i)
    {
        BindTable(i);
        i->Handler = (Operands.Q(i), i->Option == 1) switch
        {
            (true, true) => &Lookup1<Full>,
            (false, true) => &Lookup1<Half>,
            (true, false) => &Lookup<Full>,
            (false, false) => &Lookup<Half>,
        };
    }

    private static void BindTbx(Insn* i)
    {
        BindTable(i);
        i->Handler = Operands.Q(i) ? &LookupExtended<Full> : &LookupExtended<Half>;
    }

    // Option: how many registers the table has.
    private static void BindTable(Insn* i)
    {
        Operands.Registers(i);
        i->Option = (byte)((i->Word >> 13 & 3) + 1);
    }

    // Vector128.Shuffle yields zero for an index past the end, so that each byte comes from one of the two parts.
    private static int Ext<TShape>(CpuState* s, Insn* i)
        where TShape : struct, IShape
    {
        Vector128<byte> n = TShape.Load<byte>(s, i->N), m = TShape.Load<byte>(s, i->M);
        Vector128<byte> index = Vector128<byte>.Indices + Vector128.Create(i->Shift);
        if (typeof(TShape) == typeof(Full))
        {
            Vector128<byte> result = Vector128.Shuffle(n, index) | Vector128.Shuffle(m, index - Vector128.Create((byte)16));
            Full.Store(s, i->D, result);
        }
        else
        {
            Half.Store(s, i->D, Vector128.Shuffle(Vector128.Create(n.GetLower(), m.GetLower()), index));
        }
        return Status.Next;
    }

    private static int Lookup1<TShape>(CpuState* s, Insn* i)
        where TShape : struct, IShape
    {
        TShape.Store(s, i->D, Vector128.Shuffle(Full.Load<byte>(s, i->N), TShape.Load<byte>(s, i->M)));
        return Status.Next;
    }

    private static int Lookup<TShape>(CpuState* s, Insn* i)
        where TShape : struct, IShape
    {
        TShape.Store(s, i->D, InTable(s, i, TShape.Load<byte>(s, i->M)));
        return Status.Next;
    }

    private static int LookupExtended<TShape>(CpuState* s, Insn* i)
        where TShape : struct, IShape
    {
        Vector128<byte> index = TShape.Load<byte>(s, i->M);
        Vector128<byte> inside = Vector128.LessThan(index, Vector128.Create((byte)(16 * i->Option)));
        TShape.Store(s, i->D, Vector128.ConditionalSelect(inside, InTable(s, i, index), TShape.Load<byte>(s, i->D)));
        return Status.Next;
    }

    // The table is in consecutive registers, after V31 comes V0. An index below zero wraps to one past the end.
    private static Vector128<byte> InTable(CpuState* s, Insn* i, Vector128<byte> index)
    {
        Vector128<byte> result = Vector128<byte>.Zero;
        for (int part = 0; part < i->Option; part++)
        {
            result |= Vector128.Shuffle(Full.Load<byte>(s, (i->N + part) & 31), index);
            index -= Vector128.Create((byte)16);
        }
        return result;
    }
}
