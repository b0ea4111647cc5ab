using Iced.Intel;
using HostAssembler = Meanwhile.Arm64.Translator.X64.Assembler;
using HostMemory = Meanwhile.Arm64.Translator.X64.Memory;
using HostRegister = Meanwhile.Arm64.Translator.X64.Register;

namespace Meanwhile.Arm64.Tests.Translator;

/// <summary>What Iced, another implementation of the x86-64 encoding, reads in the bytes that our assembler writes.</summary>
internal sealed unsafe class HostListing
{
    private const ulong Address = 0x10_0000;

    private readonly byte[] buffer = new byte[2 * HostAssembler.Slack];

    /// <summary>Emits something and disassembles it, in Intel's syntax: an entry an instruction.</summary>
    public string[] Of(Action<HostAssembler> emit)
    {
        HostAssembler assembler = new();
        int length;
        // Fixed while the assembler writes to it, within the size that it is given.
        fixed (byte* start = buffer)
        {
            assembler.Begin(start, buffer.Length, 0);
            emit(assembler);
            length = assembler.Length;
        }
        var decoder = Iced.Intel.Decoder.Create(64, new ByteArrayCodeReader(buffer, 0, length), Address);
        var formatter = new IntelFormatter();
        formatter.Options.MemorySizeOptions = MemorySizeOptions.Never;
        formatter.Options.RipRelativeAddresses = true;
        formatter.Options.HexPrefix = "0x";
        formatter.Options.HexSuffix = "";
        formatter.Options.SmallHexNumbersInDecimal = false;
        formatter.Options.UppercaseHex = false;
        List<string> lines = [];
        while (decoder.IP < Address + (ulong)length)
        {
            decoder.Decode(out Instruction instruction);
            var output = new StringOutput();
            formatter.Format(instruction, output);
            lines.Add(output.ToStringAndReset());
        }
        return [.. lines];
    }

    /// <summary>How the disassembler writes a memory operand.</summary>
    public static string Text(in HostMemory m)
    {
        string text = Name(m.Base);
        if (m.HasIndex)
            text += $"+{Name((HostRegister)m.IndexCode)}{(m.Scale == 0 ? "" : $"*{1 << m.Scale}")}";
        if (m.Displacement != 0)
            text += $"{(m.Displacement < 0 ? "-" : "+")}0x{Math.Abs(m.Displacement):x}";
        return $"[{text}]";
    }

    /// <summary>How it writes a register.</summary>
    public static string Name(Enum register) => register.ToString().ToLowerInvariant();
}
