using Meanwhile.Arm64.Decoding;

namespace Meanwhile.Differential.Tests;

/// <summary>Makes records: a random word of an encoding, random registers, and addresses that lead to the window.</summary>
internal static unsafe class RecordGenerator
{
    /// <summary>A record for <paramref name="encoding"/> in a slot of a batch; the same for the same seed. False: no word was found.</summary>
    public static bool TryMake(Encoding encoding, ulong seed, int slot, out Record record)
    {
        RandomSource random = new(seed);
        record = new Record { Length = 2, Prefix = Record.Nop };
        if (!TryMakeWord(encoding, ref random, out uint word))
            return false;
        record.Word = word;
        FillRegisters(ref record, ref random);
        if (Unpredictable.ReasonToSkip(record.Word) is not null)
            return false;
        if (MemoryOperand.IsLoadOrStore(record.Word))
            MemoryOperand.Prepare(ref record, ref random, slot);
        else
            BranchOperand.Prepare(ref record, slot);
        return true;
    }

    /// <summary>Registers that lead nowhere, for words that may do anything.</summary>
    public static Record MakeForUnknown(uint word)
    {
        Record record = new() { Length = 2, Word = word, Prefix = Record.Nop, MemorySeed = 1 };
        // Below anything that Linux maps, and still so with any offset that an instruction has.
        for (int n = 0; n < 32; n++)
            record.X[n] = 0x8000;
        return record;
    }

    /// <summary>An allocated word of an encoding that is not CONSTRAINED UNPREDICTABLE.</summary>
    public static bool TryMakeWord(Encoding encoding, ref RandomSource random, out uint word)
    {
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            word = ((uint)random.Next() & ~encoding.Mask) | encoding.Value;
            foreach (Encoding.Field field in encoding.Fields)
            {
                // Extremes of fields, and registers that are the same, more often than chance would have them.
                uint mask = (field.Width == 32 ? uint.MaxValue : (1u << field.Width) - 1) << field.Low;
                if (random.OneIn(20))
                    word |= mask;
                else if (random.OneIn(20))
                    word &= ~mask;
            }
            if (encoding.Matches(word) && Unpredictable.ReasonToSkip(word) is null)
                return true;
        }
        word = 0;
        return false;
    }

    public static void FillRegisters(ref Record record, ref RandomSource random)
    {
        for (int n = 0; n < 32; n++)
            record.X[n] = Operands.General(ref random);
        for (int n = 0; n < 32; n++)
            (record.V[2 * n], record.V[(2 * n) + 1]) = Operands.Vector(ref random);
        record.Nzcv = (uint)random.Next() & 0xF000_0000;
        record.Fpcr = Operands.Fpcr(ref random);
        record.Fpsr = random.OneIn(4) ? (uint)random.Next() & 0x0800_009F : 0;
        record.MemorySeed = random.Next() | 1;
    }
}
