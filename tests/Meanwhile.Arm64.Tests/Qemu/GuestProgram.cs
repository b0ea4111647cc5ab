using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Meanwhile.Arm64.Tests.Qemu;

/// <summary>
/// A static Linux program for arm64 that, for each case, loads the registers, executes one instruction, stores the registers in their
/// place, and at its end writes them all to its output. X28 is the program's own.
/// </summary>
public sealed class GuestProgram
{
    /// <summary>The register that cases must not use.</summary>
    public const int Reserved = 28;

    private const ulong CodeAddress = 0x40_0000, DataAddress = 0x1000_0000;

    private readonly List<uint> code = [];
    private readonly RegisterFile[] registers;

    public GuestProgram(ReadOnlySpan<uint> words, RegisterFile[] registers)
    {
        this.registers = registers;
        code.Add(0); // A branch over the routines.
        int load = code.Count;
        EmitLoadOthers();
        int store = code.Count;
        EmitStoreOthers();
        code[0] = 0x14000000 | (uint)code.Count;
        for (int n = 0; n < words.Length; n++)
            EmitCase(words[n], DataAddress + ((ulong)n * RegisterFile.Stride), load, store);
        EmitMove(0, 1);
        EmitMove(1, (uint)DataAddress);
        EmitMove(2, (uint)(registers.Length * RegisterFile.Stride));
        EmitMove(8, 64); // write
        code.Add(0xD4000001); // svc #0
        EmitMove(0, 0);
        EmitMove(8, 93); // exit
        code.Add(0xD4000001);
    }

    /// <summary>The ELF file: one segment of code, one of data (ELF-64 Object File Format).</summary>
    public byte[] ToElf()
    {
        byte[] text = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(code)).ToArray();
        byte[] data = MemoryMarshal.AsBytes(registers.AsSpan()).ToArray();
        int textOffset = 0x1000;
        int dataOffset = (textOffset + text.Length + 0xFFF) & ~0xFFF;
        var file = new byte[dataOffset + data.Length];
        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(file, 0);
        Put16(16, 2); // ET_EXEC
        Put16(18, 183); // EM_AARCH64
        Put32(20, 1);
        Put64(24, CodeAddress);
        Put64(32, 64); // Program headers follow.
        Put16(52, 64);
        Put16(54, 56);
        Put16(56, 2);
        PutSegment(64, flags: 5, textOffset, CodeAddress, text.Length);
        PutSegment(120, flags: 6, dataOffset, DataAddress, data.Length);
        text.CopyTo(file, textOffset);
        data.CopyTo(file, dataOffset);
        return file;

        void Put16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
        void Put32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        void Put64(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
        void PutSegment(int at, uint flags, int offset, ulong address, int size)
        {
            Put32(at, 1); // PT_LOAD
            Put32(at + 4, flags);
            Put64(at + 8, (ulong)offset);
            Put64(at + 16, address);
            Put64(at + 24, address);
            Put64(at + 32, (ulong)size);
            Put64(at + 40, (ulong)size);
            Put64(at + 48, 0x1000);
        }
    }

    private void EmitCase(uint word, ulong record, int load, int store)
    {
        EmitMove(Reserved, (uint)record);
        EmitCall(load);
        for (uint x = 0; x < Reserved; x += 2)
            code.Add(Pair(0xA940_0000, x, x + 1, x * 8)); // ldp
        code.Add(Pair(0xA940_0000, 29, 30, 29 * 8));
        code.Add(word);
        for (uint x = 0; x < Reserved; x += 2)
            code.Add(Pair(0xA900_0000, x, x + 1, x * 8)); // stp
        code.Add(Pair(0xA900_0000, 29, 30, 29 * 8));
        EmitCall(store);
    }

    private void EmitLoadOthers()
    {
        for (uint v = 0; v < 32; v += 2)
            code.Add(0xAD40_0000 | ((RegisterFile.VOffset + v * 16) / 16 << 15) | ((v + 1) << 10) | (Reserved << 5) | v); // ldp q
        code.Add(Single(0xF940_0000, RegisterFile.FpcrOffset));
        code.Add(0xD51B4400); // msr fpcr, x0
        code.Add(Single(0xF940_0000, RegisterFile.FpsrOffset));
        code.Add(0xD51B4420); // msr fpsr, x0
        code.Add(Single(0xF940_0000, RegisterFile.NzcvOffset));
        code.Add(0xD51B4200); // msr nzcv, x0
        code.Add(Single(0xF940_0000, RegisterFile.SpOffset));
        code.Add(0x9100001F); // mov sp, x0
        code.Add(0xD65F03C0); // ret
    }

    private void EmitStoreOthers()
    {
        for (uint v = 0; v < 32; v += 2)
            code.Add(0xAD00_0000 | ((RegisterFile.VOffset + v * 16) / 16 << 15) | ((v + 1) << 10) | (Reserved << 5) | v); // stp q
        code.Add(0xD53B4420); // mrs x0, fpsr
        code.Add(Single(0xF900_0000, RegisterFile.FpsrOffset));
        code.Add(0xD53B4200); // mrs x0, nzcv
        code.Add(Single(0xF900_0000, RegisterFile.NzcvOffset));
        code.Add(0x910003E0); // mov x0, sp
        code.Add(Single(0xF900_0000, RegisterFile.SpOffset));
        code.Add(0xD65F03C0); // ret
    }

    private void EmitMove(uint register, uint value)
    {
        code.Add(0xD280_0000 | (value & 0xFFFF) << 5 | register); // movz
        code.Add(0xF2A0_0000 | value >> 16 << 5 | register); // movk, lsl #16
    }

    private void EmitCall(int target) => code.Add(0x9400_0000 | (uint)(target - code.Count) & 0x3FF_FFFF);

    private static uint Pair(uint opcode, uint first, uint second, uint offset) =>
        opcode | offset / 8 << 15 | second << 10 | Reserved << 5 | first;

    private static uint Single(uint opcode, uint offset) => opcode | offset / 8 << 10 | Reserved << 5;
}
