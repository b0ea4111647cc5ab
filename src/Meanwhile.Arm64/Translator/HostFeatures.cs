using System.Runtime.Intrinsics.X86;

namespace Meanwhile.Arm64.Translator;

/// <summary>
/// The optional instructions of the host that translated code may use. Emission asks this, never the host itself, so that tests can choose:
/// code without a feature runs on any host, and golden code is the same on all.
/// </summary>
/// <remarks>
/// SSE4.2, SSSE3 and POPCNT are not optional: .NET itself needs them (x86-64-v2). A new feature is a property here with the CPUID flag's
/// name, and a line in <see cref="Host"/>.
/// </remarks>
internal sealed record HostFeatures
{
    // CPUID, Intel SDM vol. 2A: leaf 1, ECX.
    private const int PclmulqdqFlag = 1 << 1, FmaFlag = 1 << 12, AesFlag = 1 << 25, OsxsaveFlag = 1 << 27, AvxFlag = 1 << 28, F16cFlag = 1 << 29;

    // Leaf 7, EBX.
    private const int Bmi1Flag = 1 << 3, Avx2Flag = 1 << 5, Bmi2Flag = 1 << 8, ShaFlag = 1 << 29;

    // Leaf 80000001H, ECX.
    private const int LzcntFlag = 1 << 5;

    private const int ExtendedLeaves = unchecked((int)0x8000_0000);

    // XCR0, SDM vol. 1, 13.3: the operating system keeps XMM and the upper halves of YMM.
    private const ulong VectorState = 6;

    private const int PageSize = 4096;

    /// <summary>What this host has. Nothing on one that is not x86-64.</summary>
    public static HostFeatures Host { get; } = Detect();

    /// <summary>x86-64-v2 alone: every fallback is taken.</summary>
    public static HostFeatures Baseline { get; } = new();

    /// <summary>LZCNT.</summary>
    public bool Lzcnt { get; init; }

    /// <summary>ANDN, BEXTR, BLSR, TZCNT.</summary>
    public bool Bmi1 { get; init; }

    /// <summary>PEXT, BZHI, RORX, SHLX and others.</summary>
    public bool Bmi2 { get; init; }

    /// <summary>VEX encodings of vector instructions, and 256 bits.</summary>
    public bool Avx { get; init; }

    /// <summary>Variable vector shifts, broadcasts, and 256-bit integers.</summary>
    public bool Avx2 { get; init; }

    /// <summary>Fused multiply-add.</summary>
    public bool Fma { get; init; }

    /// <summary>VCVTPH2PS, VCVTPS2PH.</summary>
    public bool F16c { get; init; }

    /// <summary>AESENC and its like.</summary>
    public bool Aes { get; init; }

    /// <summary>PCLMULQDQ.</summary>
    public bool Pclmulqdq { get; init; }

    /// <summary>SHA1 and SHA256 instructions.</summary>
    public bool Sha { get; init; }

    // uint64_t xcr0(void), System V ABI.
    private static ReadOnlySpan<byte> ReadXcr0 =>
    [
        0x31, 0xC9,             // xor ecx, ecx
        0x0F, 0x01, 0xD0,       // xgetbv
        0x48, 0xC1, 0xE2, 0x20, // shl rdx, 32
        0x48, 0x09, 0xD0,       // or rax, rdx
        0xC3,                   // ret
    ];

    // Not the framework's IsSupported: in a program that was compiled ahead of time it says what that was compiled for.
    private static HostFeatures Detect()
    {
        if (!X86Base.X64.IsSupported)
            return new();
        int one = X86Base.CpuId(1, 0).Ecx;
        int seven = X86Base.CpuId(0, 0).Eax >= 7 ? X86Base.CpuId(7, 0).Ebx : 0;
        int extended = (uint)X86Base.CpuId(ExtendedLeaves, 0).Eax > unchecked((uint)ExtendedLeaves) ? X86Base.CpuId(ExtendedLeaves + 1, 0).Ecx : 0;
        bool vex = (one & OsxsaveFlag) != 0 && (Xcr0() & VectorState) == VectorState && (one & AvxFlag) != 0;
        return new()
        {
            Lzcnt = (extended & LzcntFlag) != 0,
            Bmi1 = vex && (seven & Bmi1Flag) != 0,
            Bmi2 = vex && (seven & Bmi2Flag) != 0,
            Avx = vex,
            Avx2 = vex && (seven & Avx2Flag) != 0,
            Fma = vex && (one & FmaFlag) != 0,
            F16c = vex && (one & F16cFlag) != 0,
            Aes = (one & AesFlag) != 0,
            Pclmulqdq = (one & PclmulqdqFlag) != 0,
            Sha = (seven & ShaFlag) != 0,
        };
    }

    /// <summary>The framework has no XGETBV.</summary>
    /// <remarks>Unsafe: the code is whole before it is called, and keeps to the System V ABI.</remarks>
    private static unsafe ulong Xcr0()
    {
        using var memory = new ExecutableMemory(PageSize);
        ReadXcr0.CopyTo(new Span<byte>(memory.Writable, PageSize));
        return ((delegate* unmanaged[SuppressGCTransition]<ulong>)memory.Executable)();
    }
}
