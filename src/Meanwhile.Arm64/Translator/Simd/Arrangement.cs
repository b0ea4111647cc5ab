using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>Fields that Advanced SIMD instructions share (DDI0487 C4.1.96).</summary>
internal static class Arrangement
{
    /// <summary>Traits of instructions whose host code has vector operands alone, and so leaves the host's flags as they are.</summary>
    public const Traits VectorOnly = Traits.KeepsHostFlags | Traits.KeepsVectorCopies;

    /// <summary>Traits of instructions that access memory.</summary>
    public const Traits Access = Traits.MayLeave | Traits.KeepsVectorCopies;

    /// <summary>The destination.</summary>
    public static int D(uint word) => (int)(word & 31);

    /// <summary>The first source.</summary>
    public static int N(uint word) => (int)(word >> 5 & 31);

    /// <summary>The second source.</summary>
    public static int M(uint word) => (int)(word >> 16 & 31);

    /// <summary>Q: 128 bits, or the upper half of a source or destination.</summary>
    public static bool Q(uint word) => (word >> 30 & 1) != 0;

    /// <summary>U: unsigned, where an instruction has a signed twin.</summary>
    public static bool U(uint word) => (word >> 29 & 1) != 0;

    /// <summary>All 128 bits of the destination are written. In scalar instructions (bit 28) Q is part of the opcode.</summary>
    public static bool IsFull(uint word) => (word >> 28 & 5) == 4;

    /// <summary>The size field: log2 of a lane's bytes.</summary>
    public static int Size(uint word) => (int)(word >> 22 & 3);

    /// <summary>The operation for the size of the lanes.</summary>
    public static VectorOp BySize(int size, VectorOp b, VectorOp h, VectorOp s, VectorOp d) => size switch
    {
        0 => b,
        1 => h,
        2 => s,
        _ => d,
    };

    /// <summary>The operation for the size of the lanes: 8, 16 or 32 bits.</summary>
    public static VectorOp BySize(int size, VectorOp b, VectorOp h, VectorOp s) => BySize(size, b, h, s, default);

    /// <summary>Addition of lanes.</summary>
    public static VectorOp Add(int size) => BySize(size, VectorOp.Paddb, VectorOp.Paddw, VectorOp.Paddd, VectorOp.Paddq);

    /// <summary>Subtraction of lanes.</summary>
    public static VectorOp Subtract(int size) => BySize(size, VectorOp.Psubb, VectorOp.Psubw, VectorOp.Psubd, VectorOp.Psubq);

    /// <summary>Lanes that are equal become ones, others zero.</summary>
    public static VectorOp CompareEqual(int size) => BySize(size, VectorOp.Pcmpeqb, VectorOp.Pcmpeqw, VectorOp.Pcmpeqd, VectorOp.Pcmpeqq);

    /// <summary>Lanes that are greater, signed, become ones, others zero.</summary>
    public static VectorOp CompareGreater(int size) => BySize(size, VectorOp.Pcmpgtb, VectorOp.Pcmpgtw, VectorOp.Pcmpgtd, VectorOp.Pcmpgtq);

    /// <summary>The greater lane; of 8, 16 or 32 bits.</summary>
    public static VectorOp Maximum(int size, bool unsigned) => unsigned
        ? BySize(size, VectorOp.Pmaxub, VectorOp.Pmaxuw, VectorOp.Pmaxud)
        : BySize(size, VectorOp.Pmaxsb, VectorOp.Pmaxsw, VectorOp.Pmaxsd);

    /// <summary>The lesser lane; of 8, 16 or 32 bits.</summary>
    public static VectorOp Minimum(int size, bool unsigned) => unsigned
        ? BySize(size, VectorOp.Pminub, VectorOp.Pminuw, VectorOp.Pminud)
        : BySize(size, VectorOp.Pminsb, VectorOp.Pminsw, VectorOp.Pminsd);

    /// <summary>Lanes of that size become twice as wide, from the low half of a register.</summary>
    public static VectorOp Widen(int size, bool unsigned) => unsigned
        ? BySize(size, VectorOp.Pmovzxbw, VectorOp.Pmovzxwd, VectorOp.Pmovzxdq)
        : BySize(size, VectorOp.Pmovsxbw, VectorOp.Pmovsxwd, VectorOp.Pmovsxdq);

    /// <summary>A copy of the lowest lane in all lanes: AVX2.</summary>
    public static VectorOp Broadcast(int size) =>
        BySize(size, VectorOp.Pbroadcastb, VectorOp.Pbroadcastw, VectorOp.Pbroadcastd, VectorOp.Pbroadcastq);

    /// <summary>64 bits of lanes that all have that value.</summary>
    public static ulong Repeat(int size, ulong lane) => size switch
    {
        0 => (lane & 0xFF) * 0x0101_0101_0101_0101,
        1 => (lane & 0xFFFF) * 0x0001_0001_0001_0001,
        2 => (lane & 0xFFFF_FFFF) * 0x0000_0001_0000_0001,
        _ => lane,
    };

    /// <summary>Shift of lanes of 16, 32 or 64 bits to the left.</summary>
    public static VectorShift ShiftLeft(int size) => size switch
    {
        1 => VectorShift.Psllw,
        2 => VectorShift.Pslld,
        _ => VectorShift.Psllq,
    };

    /// <summary>Unsigned shift of lanes of 16, 32 or 64 bits to the right.</summary>
    public static VectorShift ShiftRight(int size) => size switch
    {
        1 => VectorShift.Psrlw,
        2 => VectorShift.Psrld,
        _ => VectorShift.Psrlq,
    };
}
