using Meanwhile.Arm64.Decoding;

namespace Meanwhile.Differential.Tests;

/// <summary>
/// Makes records of several instructions: any that the single tests know, forward branches, flags and counters by MRS and MSR, barriers and
/// DC ZVA. Loads and stores reach the window through X27, which nothing writes.
/// </summary>
internal static unsafe class SequenceGenerator
{
    private const int Base = 27;

    /// <summary>Where the base points: nothing reaches further than 48 bytes of offset and 64 of access from it.</summary>
    private const ulong BaseAddress = GuestLayout.Window + 112;

    /// <summary>System instructions that do the same everywhere; bits 4..0 are a register where they are zero here.</summary>
    private static readonly uint[] System =
    [
        0xD53B_4200, // mrs x0, nzcv
        0xD51B_4200, // msr nzcv, x0
        0xD53B_4400, // mrs x0, fpcr
        0xD53B_4420, // mrs x0, fpsr
        0xD53B_D040, // mrs x0, tpidr_el0
        0xD51B_D040, // msr tpidr_el0, x0
        0xD50B_7420 | Base, // dc zva, x27
        0xD503_3BBF, // dmb ish
        0xD503_3B9F, // dsb ish
        0xD503_3FDF, // isb
        0xD503_3F5F, // clrex
        Record.Nop,
    ];

    /// <summary>A sequence for a slot of a batch; the same for the same seed.</summary>
    /// <param name="encodings">What it is made of.</param>
    /// <param name="seed">What it is made from.</param>
    /// <param name="slot">Its place in the batch.</param>
    /// <param name="floatingPoint">With operands, FPCR and FPSR of the common cases of floating-point arithmetic, and moves to the latter.</param>
    public static Record Make(Encoding[] encodings, ulong seed, int slot, bool floatingPoint = false)
    {
        RandomSource random = new(seed);
        Record record = default;
        RecordGenerator.FillRegisters(ref record, ref random);
        if (floatingPoint)
            FloatingPointOperands.Fill(ref record, ref random);
        record.X[Base] = BaseAddress;
        uint marked = uint.MaxValue;
        uint length = 2 + (uint)random.Below(Record.MaximumLength - 1);
        for (; record.Length < length; record.Length++)
        {
            uint word;
            if (floatingPoint && record.Length + 2 <= length && random.OneIn(24))
            {
                (record.Code[record.Length], record.Code[record.Length + 1]) = FloatingPointOperands.WriteControl(ref random);
                record.Length++;
                continue;
            }
            while (!TryMakeWord(encodings, ref random, slot, (int)record.Length, out word) || !IsPredictable(word, ref marked))
            {
            }
            record.Code[record.Length] = word;
        }
        return record;
    }

    /// <summary>A store-exclusive must have the size of the load-exclusive before it (B2.9.5: CONSTRAINED UNPREDICTABLE otherwise).</summary>
    private static bool IsPredictable(uint word, ref uint marked)
    {
        if (!MemoryOperand.IsExclusive(word))
            return true;
        uint size = word & 0xC020_0000;
        if ((word >> 22 & 1) == 0)
            return marked == size || marked == uint.MaxValue;
        marked = size;
        return true;
    }

    private static bool TryMakeWord(Encoding[] encodings, ref RandomSource random, int slot, int index, out uint word)
    {
        if (random.OneIn(16))
        {
            word = System[random.Below(System.Length)];
            if ((word & 31) == 0)
                word |= (uint)random.Below(Base);
            return true;
        }
        if (!RecordGenerator.TryMakeWord(encodings[random.Below(encodings.Length)], ref random, out word))
            return false;
        if (MemoryOperand.IsLoadOrStore(word))
        {
            if (!MemoryOperand.TryUseBase(ref word, Base, ref random, GuestLayout.SequenceAddress(slot) + ((ulong)index * sizeof(uint))))
                return false;
            return Decoder.Instance.Decode(word) is not null && Unpredictable.ReasonToSkip(word) is null && !MemoryOperand.MayWrite(word, Base);
        }
        if ((word & 0xFE00_0000) == 0xD600_0000 || (word & 31) == Base)
            return false;
        BranchOperand.Skip(ref word);
        return true;
    }
}
