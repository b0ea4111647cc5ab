using System.Numerics;
using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>FEAT_CRC32 (DDI0487 C6.2.70, C6.2.71): CRC32 with polynomial 0x04C11DB7 and CRC32C with 0x1EDC6F41, both reflected, no inversion.</summary>
internal static unsafe class Crc32
{
    private static readonly uint[] Table = MakeTable(0xEDB8_8320);

    public static void Register(Binders b)
    {
        b.Add(DataProcessingRegisterEncodings.CRC32, &BindCrc32);
        b.Add(DataProcessingRegisterEncodings.CRC32C, &BindCrc32C);
    }

    private static void BindCrc32(Insn* i)
    {
        int size = Unpack(i);
        i->Option = (byte)(1 << size);
        i->Handler = &Crc32Bytes;
    }

    private static void BindCrc32C(Insn* i) => i->Handler = Unpack(i) switch
    {
        0 => &Crc32CByte,
        1 => &Crc32CHalfword,
        2 => &Crc32CWord,
        _ => &Crc32CDoubleword,
    };

    private static int Unpack(Insn* i)
    {
        i->D = Slot.Destination(i->Word, 0);
        i->N = Slot.Source(i->Word, 5);
        i->M = Slot.Source(i->Word, 16);
        return (int)(i->Word >> 10) & 3;
    }

    /// <summary>The remainders of all bytes, bit-reflected.</summary>
    private static uint[] MakeTable(uint polynomial)
    {
        var table = new uint[256];
        for (uint n = 0; n < table.Length; n++)
        {
            uint remainder = n;
            for (int bit = 0; bit < 8; bit++)
                remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? polynomial : 0);
            table[n] = remainder;
        }
        return table;
    }

    private static int Crc32Bytes(CpuState* s, Insn* i)
    {
        uint crc = (uint)s->X[i->N];
        ulong value = s->X[i->M];
        for (int n = i->Option; n > 0; n--, value >>= 8)
            crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        s->X[i->D] = crc;
        return Status.Next;
    }

    private static int Crc32CByte(CpuState* s, Insn* i)
    {
        s->X[i->D] = BitOperations.Crc32C((uint)s->X[i->N], (byte)s->X[i->M]);
        return Status.Next;
    }

    private static int Crc32CHalfword(CpuState* s, Insn* i)
    {
        s->X[i->D] = BitOperations.Crc32C((uint)s->X[i->N], (ushort)s->X[i->M]);
        return Status.Next;
    }

    private static int Crc32CWord(CpuState* s, Insn* i)
    {
        s->X[i->D] = BitOperations.Crc32C((uint)s->X[i->N], (uint)s->X[i->M]);
        return Status.Next;
    }

    private static int Crc32CDoubleword(CpuState* s, Insn* i)
    {
        s->X[i->D] = BitOperations.Crc32C((uint)s->X[i->N], s->X[i->M]);
        return Status.Next;
    }
}
