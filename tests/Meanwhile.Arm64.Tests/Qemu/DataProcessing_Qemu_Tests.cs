using Meanwhile.Arm64.Decoding;

namespace Meanwhile.Arm64.Tests.Qemu;

/// <summary>Every data-processing encoding with random fields and operands, against qemu-aarch64: registers and flags after one instruction.</summary>
public class DataProcessing_Qemu_Tests
{
    private const int Seed = 1;
    private const int CasesPerEncoding = 20;

    /// <summary>What is left out, with the reason.</summary>
    private static readonly Dictionary<string, string> Skipped = new()
    {
        ["ADR"] = "the result is the program's own address",
        ["ADRP"] = "the result is the program's own address",
    };

    public static TheoryData<string> Groups() =>
        new(Decoder.Instance.Groups.Where(group => group.Encodings.Any(IsDataProcessing)).Select(group => group.Name));

    [Theory]
    [MemberData(nameof(Groups))]
    public void A_group_does_what_qemu_does(string groupName)
    {
        var random = new Random(Seed);
        List<Encoding> encodings = [];
        List<uint> words = [];
        foreach (Encoding encoding in Decoder.Instance.Groups.Single(group => group.Name == groupName).Encodings.Where(IsDataProcessing))
        {
            foreach (uint word in DecodeSpace_Tests.WordsOf(encoding, random).Where(LeavesReservedRegister).Take(CasesPerEncoding))
            {
                encodings.Add(encoding);
                words.Add(word);
            }
        }
        RegisterFile[] before = [.. words.Select(_ => RegisterFile.Random(random))];
        RegisterFile[] expected = QemuUser.Execute([.. words], before);

        using var machine = new TestMachine();
        List<string> failures = [];
        for (int n = 0; n < words.Count; n++)
        {
            RegisterFile actual = Run(machine, words[n], before[n]);
            List<string> differences = RegisterFile.Differences(before[n], expected[n], actual);
            if (differences.Count != 0)
                failures.Add($"{words[n]:X8} {encodings[n]}\n{before[n].Describe(words[n])}\n{string.Join('\n', differences)}");
        }
        Assert.True(failures.Count == 0, $"{failures.Count} of {words.Count} differ:\n{string.Join('\n', failures.Take(10))}");
    }

    private static unsafe RegisterFile Run(TestMachine machine, uint word, RegisterFile before)
    {
        before.CopyTo(machine.State);
        machine.Run(word);
        return RegisterFile.From(machine.State);
    }

    /// <summary>DDI0487 C4.1: bits 28..25 are 100x, x101 or x111.</summary>
    private static bool IsDataProcessing(Encoding encoding)
    {
        if (Skipped.ContainsKey(encoding.Name))
            return false;
        uint op0 = (encoding.Value >> 25) & 15;
        return (op0 & 0b1110) == 0b1000 || (op0 & 0b0101) == 0b0101;
    }

    private static bool LeavesReservedRegister(uint word) =>
        (word & 31) != GuestProgram.Reserved
        && ((word >> 5) & 31) != GuestProgram.Reserved
        && ((word >> 10) & 31) != GuestProgram.Reserved
        && ((word >> 16) & 31) != GuestProgram.Reserved;
}
