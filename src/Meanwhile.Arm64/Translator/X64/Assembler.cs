using System.Runtime.CompilerServices;

namespace Meanwhile.Arm64.Translator.X64;

/// <summary>
/// Encodes x86-64 instructions into a buffer (Intel SDM volume 2). <c>wide</c> chooses 64-bit operands over 32-bit ones. Destinations come first.
/// </summary>
/// <remarks>
/// Unsafe: it writes through a pointer that <see cref="Begin"/> was given, up to its limit: who emits asks <see cref="IsFull"/> between pieces,
/// whose size is bounded by <see cref="Slack"/>, which is kept free.
/// </remarks>
internal sealed unsafe partial class Assembler
{
    /// <summary>Bytes kept free at the end of the buffer: more than anything that is emitted between two looks at <see cref="IsFull"/>.</summary>
    public const int Slack = 4096;

    private byte* start;
    private byte* at;
    private byte* limit;
    private nint executableOffset;

    /// <summary>Where the next instruction is written.</summary>
    public byte* At => at;

    /// <summary>The address at which the next instruction will be executed.</summary>
    public nint Address => (nint)at + executableOffset;

    /// <summary>Address of the executable mapping minus that of the writable one.</summary>
    public nint ExecutableOffset => executableOffset;

    /// <summary>Bytes written since <see cref="Begin"/>.</summary>
    public int Length => (int)(at - start);

    /// <summary>Less than <see cref="Slack"/> bytes are left: what was written is not to be used.</summary>
    /// <exception cref="InvalidOperationException">What was emitted since the last time is larger than <see cref="Slack"/>.</exception>
    public bool IsFull => limit - at >= 0 ? limit - at < Slack : throw new InvalidOperationException("A piece of host code is larger than is kept free for it.");

    /// <summary>Starts to write at <paramref name="target"/>.</summary>
    /// <param name="target">First byte, in the writable mapping.</param>
    /// <param name="size">Bytes that may be written.</param>
    /// <param name="executable">Address of the executable mapping minus that of the writable one.</param>
    public void Begin(byte* target, nint size, nint executable)
    {
        start = at = target;
        limit = target + size;
        executableOffset = executable;
    }

    /// <summary>Writes code that does not depend on where it is.</summary>
    public void Copy(ReadOnlySpan<byte> code)
    {
        code.CopyTo(new Span<byte>(at, code.Length));
        at += code.Length;
    }

    // --- Encoding

    private void Byte(int value) => *at++ = (byte)value;

    private void Word32(int value)
    {
        Unsafe.WriteUnaligned(at, value);
        at += sizeof(int);
    }

    private void Word64(ulong value)
    {
        Unsafe.WriteUnaligned(at, value);
        at += sizeof(ulong);
    }

    private void Rex(bool wide, int reg, int index, int rm, bool force = false)
    {
        int rex = (wide ? 8 : 0) | (reg >> 3 & 1) << 2 | (index >> 3 & 1) << 1 | (rm >> 3 & 1);
        if (rex != 0 || force)
            Byte(0x40 | rex);
    }

    private void Opcode(int opcode)
    {
        // One, two (0F xx) or three (0F 38 xx, 0F 3A xx) bytes.
        if (opcode > 0xFFFF)
            Byte(opcode >> 16);
        if (opcode > 0xFF)
            Byte(opcode >> 8);
        Byte(opcode);
    }

    private void RegisterForm(int opcode, bool wide, int reg, int rm, bool force = false)
    {
        Rex(wide, reg, 0, rm, force);
        Opcode(opcode);
        Byte(0xC0 | (reg & 7) << 3 | (rm & 7));
    }

    private void MemoryForm(int opcode, bool wide, int reg, in Memory m, bool force = false)
    {
        Rex(wide, reg, m.HasIndex ? m.IndexCode : 0, (int)m.Base, force);
        Opcode(opcode);
        Address32(reg, m);
    }

    /// <summary>ModRM, SIB and displacement (SDM 2.1.5).</summary>
    private void Address32(int reg, in Memory m)
    {
        int @base = (int)m.Base & 7;
        bool needsSib = m.HasIndex || @base == 4;
        bool none = m.Displacement == 0 && @base != 5;
        bool small = m.Displacement is >= -128 and <= 127;
        int mod = none ? 0 : small ? 0x40 : 0x80;
        Byte(mod | (reg & 7) << 3 | (needsSib ? 4 : @base));
        if (needsSib)
            Byte(m.Scale << 6 | (m.IndexCode & 7) << 3 | @base);
        if (none)
            return;
        if (small)
            Byte(m.Displacement);
        else
            Word32(m.Displacement);
    }

    // --- Moves

    /// <summary>MOV r, r. A 32-bit move clears the upper half.</summary>
    public void Mov(bool wide, Register to, Register from) => RegisterForm(0x8B, wide, (int)to, (int)from);

    /// <summary>Sets a register to a constant with the shortest instruction that leaves the flags alone.</summary>
    public void MovImmediate(Register to, ulong value)
    {
        if (value <= uint.MaxValue)
        {
            Rex(false, 0, 0, (int)to);
            Byte(0xB8 | ((int)to & 7));
            Word32((int)value);
        }
        else if ((ulong)(int)value == value)
        {
            RegisterForm(0xC7, true, 0, (int)to);
            Word32((int)value);
        }
        else
        {
            Rex(true, 0, 0, (int)to);
            Byte(0xB8 | ((int)to & 7));
            Word64(value);
        }
    }

    /// <summary>
    /// MOV r64, imm64, whatever the address is. To <see cref="MovImmediate"/> the address of a function must not be given: it compares, and .NET's compilers decide
    /// such a comparison ahead of time, wrongly, when the address is only known to the linker.
    /// </summary>
    public void MovAddress(Register to, nint address)
    {
        Rex(true, 0, 0, (int)to);
        Byte(0xB8 | ((int)to & 7));
        Word64((ulong)address);
    }

    /// <summary>XOR r32, r32: zero, flags changed.</summary>
    public void Zero(Register to) => RegisterForm(0x33, false, (int)to, (int)to);

    /// <summary>LEA.</summary>
    public void Lea(bool wide, Register to, in Memory m) => MemoryForm(0x8D, wide, (int)to, m);

    /// <summary>LEA r64, [RIP + displacement] with the address <paramref name="target"/>, which is in reach.</summary>
    public void LeaRip(Register to, nint target)
    {
        Rex(true, (int)to, 0, 0);
        Byte(0x8D);
        Byte(0x05 | ((int)to & 7) << 3);
        Word32((int)(target - (Address + sizeof(int))));
    }

    /// <summary>Load of <paramref name="size"/> (1, 2, 4, 8) bytes, zero-extended.</summary>
    public void Load(int size, Register to, in Memory m)
    {
        int opcode = size switch { 1 => 0x0FB6, 2 => 0x0FB7, _ => 0x8B };
        MemoryForm(opcode, size == 8, (int)to, m);
    }

    /// <summary>Load of <paramref name="size"/> (1, 2, 4) bytes, sign-extended to 64 or 32 bits.</summary>
    public void LoadSigned(int size, bool wide, Register to, in Memory m)
    {
        int opcode = size switch { 1 => 0x0FBE, 2 => 0x0FBF, _ => 0x63 };
        MemoryForm(opcode, wide, (int)to, m);
    }

    /// <summary>Store of the low <paramref name="size"/> (1, 2, 4, 8) bytes.</summary>
    public void Store(int size, in Memory m, Register from)
    {
        if (size == 2)
            Byte(0x66);
        // REX makes 4..7 name SPL..DIL, not AH..BH.
        MemoryForm(size == 1 ? 0x88 : 0x89, size == 8, (int)from, m, force: size == 1 && from >= Register.Rsp);
    }

    /// <summary>Store of a constant, sign-extended from 32 bits when 8 bytes are stored.</summary>
    public void StoreImmediate(int size, in Memory m, int value)
    {
        if (size == 2)
            Byte(0x66);
        MemoryForm(size == 1 ? 0xC6 : 0xC7, size == 8, 0, m);
        switch (size)
        {
            case 1:
                Byte(value);
                break;
            case 2:
                Byte(value);
                Byte(value >> 8);
                break;
            default:
                Word32(value);
                break;
        }
    }

    /// <summary>MOVZX of the low <paramref name="size"/> (1, 2) bytes, or a 32-bit MOV.</summary>
    public void ZeroExtend(int size, Register to, Register from)
    {
        if (size >= 4)
            Mov(size == 8, to, from);
        else
            RegisterForm(size == 1 ? 0x0FB6 : 0x0FB7, false, (int)to, (int)from, force: size == 1 && from >= Register.Rsp);
    }

    /// <summary>MOVSX, MOVSXD of the low <paramref name="size"/> (1, 2, 4) bytes.</summary>
    public void SignExtend(int size, bool wide, Register to, Register from)
    {
        int opcode = size switch { 1 => 0x0FBE, 2 => 0x0FBF, _ => 0x63 };
        RegisterForm(opcode, wide, (int)to, (int)from, force: size == 1 && from >= Register.Rsp);
    }

    // --- Arithmetic

    /// <summary>op r, r.</summary>
    public void Alu(Arithmetic op, bool wide, Register to, Register from) => RegisterForm(((int)op << 3) | 3, wide, (int)to, (int)from);

    /// <summary>op r, [m].</summary>
    public void Alu(Arithmetic op, bool wide, Register to, in Memory m) => MemoryForm(((int)op << 3) | 3, wide, (int)to, m);

    /// <summary>op [m], r.</summary>
    public void AluStore(Arithmetic op, bool wide, in Memory m, Register from) => MemoryForm(((int)op << 3) | 1, wide, (int)from, m);

    /// <summary>op r, constant (sign-extended from 32 bits).</summary>
    public void AluImmediate(Arithmetic op, bool wide, Register to, int value)
    {
        bool small = value is >= -128 and <= 127;
        RegisterForm(small ? 0x83 : 0x81, wide, (int)op, (int)to);
        if (small)
            Byte(value);
        else
            Word32(value);
    }

    /// <summary>op [m], constant (sign-extended from 32 bits).</summary>
    public void AluImmediate(Arithmetic op, bool wide, in Memory m, int value)
    {
        bool small = value is >= -128 and <= 127;
        MemoryForm(small ? 0x83 : 0x81, wide, (int)op, m);
        if (small)
            Byte(value);
        else
            Word32(value);
    }

    /// <summary>TEST r, r.</summary>
    public void Test(bool wide, Register a, Register b) => RegisterForm(0x85, wide, (int)b, (int)a);

    /// <summary>TEST r, constant (sign-extended from 32 bits).</summary>
    public void TestImmediate(bool wide, Register a, int value)
    {
        RegisterForm(0xF7, wide, 0, (int)a);
        Word32(value);
    }

    /// <summary>TEST r8, constant.</summary>
    public void TestByte(Register a, byte value)
    {
        RegisterForm(0xF6, false, 0, (int)a, force: a >= Register.Rsp);
        Byte(value);
    }

    /// <summary>TEST byte [m], constant.</summary>
    public void TestByte(in Memory m, byte value)
    {
        MemoryForm(0xF6, false, 0, m);
        Byte(value);
    }

    /// <summary>OR byte [m], constant.</summary>
    public void OrByte(in Memory m, byte value)
    {
        MemoryForm(0x80, false, 1, m);
        Byte(value);
    }

    /// <summary>AND byte [m], constant.</summary>
    public void AndByte(in Memory m, byte value)
    {
        MemoryForm(0x80, false, 4, m);
        Byte(value);
    }

    /// <summary>NEG.</summary>
    public void Neg(bool wide, Register r) => RegisterForm(0xF7, wide, 3, (int)r);

    /// <summary>NOT; flags stay.</summary>
    public void Not(bool wide, Register r) => RegisterForm(0xF7, wide, 2, (int)r);

    /// <summary>IMUL r, r.</summary>
    public void Imul(bool wide, Register to, Register from) => RegisterForm(0x0FAF, wide, (int)to, (int)from);

    /// <summary>IMUL r, r, constant.</summary>
    public void Imul(bool wide, Register to, Register from, int value)
    {
        RegisterForm(0x69, wide, (int)to, (int)from);
        Word32(value);
    }

    /// <summary>IMUL r, [m].</summary>
    public void Imul(bool wide, Register to, in Memory m) => MemoryForm(0x0FAF, wide, (int)to, m);

    /// <summary>RDX:RAX = RAX * r, unsigned or signed.</summary>
    public void MultiplyWide(bool signed, Register r) => RegisterForm(0xF7, true, signed ? 5 : 4, (int)r);

    /// <summary>RAX, RDX = quotient and remainder of RDX:RAX by r, unsigned or signed.</summary>
    public void Divide(bool wide, bool signed, Register r) => RegisterForm(0xF7, wide, signed ? 7 : 6, (int)r);

    /// <summary>CDQ or CQO: sign of RAX into RDX.</summary>
    public void SignIntoRdx(bool wide)
    {
        Rex(wide, 0, 0, 0);
        Byte(0x99);
    }

    // --- Shifts and bits

    /// <summary>Shift by a constant.</summary>
    public void ShiftImmediate(Shift op, bool wide, Register r, int count)
    {
        RegisterForm(0xC1, wide, (int)op, (int)r);
        Byte(count);
    }

    /// <summary>Shift by CL, which counts modulo the operand size.</summary>
    public void ShiftByCl(Shift op, bool wide, Register r) => RegisterForm(0xD3, wide, (int)op, (int)r);

    /// <summary>SHRD a, b, count: the low bits of b:a, shifted right.</summary>
    public void ShiftRightDouble(bool wide, Register a, Register b, int count)
    {
        RegisterForm(0x0FAC, wide, (int)b, (int)a);
        Byte(count);
    }

    /// <summary>BSWAP.</summary>
    public void ByteSwap(bool wide, Register r)
    {
        Rex(wide, 0, 0, (int)r);
        Byte(0x0F);
        Byte(0xC8 | ((int)r & 7));
    }

    /// <summary>BT r, constant: the bit into CF.</summary>
    public void BitTest(bool wide, Register r, int bit)
    {
        RegisterForm(0x0FBA, wide, 4, (int)r);
        Byte(bit);
    }

    /// <summary>LZCNT; needs the LZCNT extension.</summary>
    public void CountLeadingZeros(bool wide, Register to, Register from)
    {
        Byte(0xF3);
        RegisterForm(0x0FBD, wide, (int)to, (int)from);
    }

    // --- Flags

    /// <summary>SETcc r8.</summary>
    public void Set(HostCondition condition, Register to) => RegisterForm(0x0F90 | (int)condition, false, 0, (int)to, force: to >= Register.Rsp);

    /// <summary>CMOVcc r, r.</summary>
    public void MoveIf(HostCondition condition, bool wide, Register to, Register from) =>
        RegisterForm(0x0F40 | (int)condition, wide, (int)to, (int)from);

    /// <summary>CMOVcc r, [m].</summary>
    public void MoveIf(HostCondition condition, bool wide, Register to, in Memory m) =>
        MemoryForm(0x0F40 | (int)condition, wide, (int)to, m);

    /// <summary>CMC.</summary>
    public void ComplementCarry() => Byte(0xF5);

    /// <summary>LAHF: SF, ZF, AF, PF, CF into AH.</summary>
    public void LoadFlagsToAh() => Byte(0x9F);

    /// <summary>SAHF.</summary>
    public void StoreAhToFlags() => Byte(0x9E);

    /// <summary>ADD AL, constant.</summary>
    public void AddAl(byte value)
    {
        Byte(0x04);
        Byte(value);
    }
}
