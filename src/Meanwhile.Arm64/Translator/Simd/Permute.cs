using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>Advanced SIMD permute, extract and table lookup, and the reversals (DDI0487 C4.1.96).</summary>
internal static unsafe class Permute
{
    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Avx)
            return;
        lines.Add(SimdPermuteEncodings.ZIP1, VectorOnly, &Zip1);
        lines.Add(SimdPermuteEncodings.ZIP2, VectorOnly, &Zip2);
        lines.Add(SimdPermuteEncodings.UZP1, VectorOnly, &Unzip1);
        lines.Add(SimdPermuteEncodings.UZP2, VectorOnly, &Unzip2);
        lines.Add(SimdPermuteEncodings.TRN1, VectorOnly, &Transpose1);
        lines.Add(SimdPermuteEncodings.TRN2, VectorOnly, &Transpose2);
        lines.Add(SimdPermuteEncodings.EXT, VectorOnly, &Extract);
        lines.Add(SimdPermuteEncodings.TBL, VectorOnly, &TableLookup);
        lines.Add(SimdPermuteEncodings.TBX, VectorOnly, &TableLookup);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.REV64, VectorOnly, &Reverse);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.REV32, VectorOnly, &Reverse);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.REV16, VectorOnly, &Reverse);
    }

    /// <summary>Moves the even lanes into the low half and the odd ones into the high half.</summary>
    public static void Separate(UnitEmitter e, int size, VectorRegister x)
    {
        switch (size)
        {
            case 0:
                e.WithConstant(Pshufb, x, x, 0x0E0C_0A08_0604_0200, 0x0F0D_0B09_0705_0301);
                break;
            case 1:
                e.WithConstant(Pshufb, x, x, 0x0D0C_0908_0504_0100, 0x0F0E_0B0A_0706_0302);
                break;
            case 2:
                e.A.VectorUnary(Pshufd, x, x, 0b11_01_10_00);
                break;
        }
    }

    /// <summary>The even lanes of N and M in <paramref name="even"/>, the odd ones in <paramref name="odd"/>; of a half, in their low halves.</summary>
    public static void SeparateSources(UnitEmitter e, uint word, VectorRegister even, VectorRegister odd)
    {
        int size = Size(word);
        e.LoadVector(even, N(word));
        if (!IsFull(word))
        {
            e.Vector(Punpcklqdq, even, even, M(word));
            Separate(e, size, even);
            e.A.Vector(Punpckhqdq, odd, even, even);
            return;
        }
        Separate(e, size, even);
        VectorRegister m = even;
        if (N(word) != M(word))
        {
            m = odd;
            e.LoadVector(m, M(word));
            Separate(e, size, m);
        }
        e.A.Vector(Punpckhqdq, Xmm7, even, m);
        e.A.Vector(Punpcklqdq, even, even, m);
        e.A.VectorUnary(Movdqa, odd, Xmm7);
    }

    private static void Zip1(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        e.Vector(BySize(Size(word), Punpcklbw, Punpcklwd, Punpckldq, Punpcklqdq), Xmm0, Xmm0, M(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void Zip2(UnitEmitter e, uint word)
    {
        int size = Size(word);
        e.LoadVector(Xmm0, N(word));
        if (IsFull(word))
        {
            e.Vector(BySize(size, Punpckhbw, Punpckhwd, Punpckhdq, Punpckhqdq), Xmm0, Xmm0, M(word));
        }
        else
        {
            e.Vector(BySize(size, Punpcklbw, Punpcklwd, Punpckldq), Xmm0, Xmm0, M(word));
            e.A.VectorShiftImmediate(VectorShift.Psrldq, Xmm0, Xmm0, 8);
        }
        e.StoreVector(D(word), Xmm0);
    }

    private static void Unzip1(UnitEmitter e, uint word) => Unzip(e, word, odd: false);

    private static void Unzip2(UnitEmitter e, uint word) => Unzip(e, word, odd: true);

    private static void Unzip(UnitEmitter e, uint word, bool odd)
    {
        int size = Size(word);
        e.LoadVector(Xmm0, N(word));
        if (IsFull(word))
        {
            e.LoadVector(Xmm1, M(word));
            if (size == 2)
            {
                e.A.Vector(Shufps, Xmm0, Xmm0, Xmm1, odd ? 0b11_01_11_01 : 0b10_00_10_00);
            }
            else
            {
                Separate(e, size, Xmm0);
                Separate(e, size, Xmm1);
                e.A.Vector(odd ? Punpckhqdq : Punpcklqdq, Xmm0, Xmm0, Xmm1);
            }
            e.StoreVector(D(word), Xmm0);
            return;
        }
        e.Vector(Punpcklqdq, Xmm0, Xmm0, M(word));
        Separate(e, size, Xmm0);
        if (odd)
            e.A.VectorShiftImmediate(VectorShift.Psrldq, Xmm0, Xmm0, 8);
        e.StoreVector(D(word), Xmm0, full: false);
    }

    /// <summary>The even lanes of N stay, and those of M go one up.</summary>
    private static void Transpose1(UnitEmitter e, uint word)
    {
        int size = Size(word);
        e.LoadVector(Xmm0, N(word));
        if (size == 3)
        {
            e.Vector(Punpcklqdq, Xmm0, Xmm0, M(word));
        }
        else
        {
            e.LoadVector(Xmm1, M(word));
            e.A.VectorShiftImmediate(ShiftLeft(size + 1), Xmm1, Xmm1, 8 << size);
            Blend(e, size, Xmm0, Xmm1);
        }
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>The odd lanes of N go one down, and those of M stay.</summary>
    private static void Transpose2(UnitEmitter e, uint word)
    {
        int size = Size(word);
        e.LoadVector(Xmm0, N(word));
        if (size == 3)
        {
            e.Vector(Punpckhqdq, Xmm0, Xmm0, M(word));
        }
        else
        {
            e.LoadVector(Xmm1, M(word));
            e.A.VectorShiftImmediate(ShiftRight(size + 1), Xmm0, Xmm0, 8 << size);
            Blend(e, size, Xmm0, Xmm1);
        }
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>The even lanes of <paramref name="x"/> and the odd ones of <paramref name="odd"/>, which changes.</summary>
    private static void Blend(UnitEmitter e, int size, VectorRegister x, VectorRegister odd)
    {
        if (size > 0)
        {
            e.A.Vector(Pblendw, x, x, odd, size == 1 ? 0b1010_1010 : 0b1100_1100);
            return;
        }
        e.WithConstant(Pand, x, x, Repeat(1, 0x00FF));
        e.WithConstant(Pand, odd, odd, Repeat(1, 0xFF00));
        e.A.Vector(Por, x, x, odd);
    }

    private static void Extract(UnitEmitter e, uint word)
    {
        int position = (int)(word >> 11 & 15);
        if (IsFull(word))
        {
            e.LoadVector(Xmm0, M(word));
            e.Vector(Palignr, Xmm0, Xmm0, N(word), position);
            e.StoreVector(D(word), Xmm0);
            return;
        }
        e.LoadVector(Xmm0, N(word));
        e.Vector(Punpcklqdq, Xmm0, Xmm0, M(word));
        e.A.VectorShiftImmediate(VectorShift.Psrldq, Xmm0, Xmm0, position);
        e.StoreVector(D(word), Xmm0, full: false);
    }

    /// <summary>
    /// TBL, TBX of one to four registers. PSHUFB makes zero what has bit 7 set: indices outside of its 16 bytes have after a saturating addition.
    /// </summary>
    private static void TableLookup(UnitEmitter e, uint word)
    {
        int registers = (int)(word >> 13 & 3) + 1;
        bool keeps = (word >> 12 & 1) != 0;
        e.LoadVector(Xmm1, M(word));
        for (int r = 0; r < registers; r++)
        {
            e.LoadVector(Xmm2, (N(word) + r) & 31);
            VectorRegister index = Xmm1;
            if (r > 0)
            {
                index = Xmm3;
                e.WithConstant(Psubb, index, Xmm1, Repeat(0, (ulong)(16 * r)));
            }
            e.WithConstant(Paddusb, Xmm3, index, Repeat(0, 0x70));
            e.A.Vector(Pshufb, r == 0 ? Xmm0 : Xmm2, Xmm2, Xmm3);
            if (r > 0)
                e.A.Vector(Por, Xmm0, Xmm0, Xmm2);
        }
        if (keeps)
        {
            // Indices within the table are no greater than its last.
            e.WithConstant(Pminub, Xmm2, Xmm1, Repeat(0, (ulong)((16 * registers) - 1)));
            e.A.Vector(Pcmpeqb, Xmm2, Xmm2, Xmm1);
            e.Vector(Pandn, Xmm2, Xmm2, D(word));
            e.A.Vector(Por, Xmm0, Xmm0, Xmm2);
        }
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>Byte n of a container of c bytes with lanes of b: exclusive-or with c - b.</summary>
    private static void Reverse(UnitEmitter e, uint word)
    {
        // Bits 29 and 12 tell REV64, REV32, REV16.
        int container = (word >> 12 & 1) != 0 ? 2 : U(word) ? 4 : 8;
        int swap = container - (1 << Size(word));
        ulong order = 0x0706_0504_0302_0100 ^ Repeat(0, (ulong)swap);
        e.LoadVector(Xmm0, N(word));
        e.WithConstant(Pshufb, Xmm0, Xmm0, order, order | 0x0808_0808_0808_0808);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }
}
