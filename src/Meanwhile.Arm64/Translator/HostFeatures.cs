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
    // CPUID leaf 7, EBX; leaf 1, ECX (Intel SDM vol. 2A, CPUID).
    private const int ShaFlag = 1 << 29, F16cFlag = 1 << 29;

    /// <summary>What this host has. Nothing on one that is not x86-64.</summary>
    public static HostFeatures Host { get; } = new()
    {
        Lzcnt = System.Runtime.Intrinsics.X86.Lzcnt.X64.IsSupported,
        Bmi1 = System.Runtime.Intrinsics.X86.Bmi1.X64.IsSupported,
        Bmi2 = System.Runtime.Intrinsics.X86.Bmi2.X64.IsSupported,
        Avx = System.Runtime.Intrinsics.X86.Avx.IsSupported,
        Avx2 = System.Runtime.Intrinsics.X86.Avx2.IsSupported,
        Fma = System.Runtime.Intrinsics.X86.Fma.IsSupported,
        // Its encodings are VEX: the operating system must keep the registers, as for AVX.
        F16c = System.Runtime.Intrinsics.X86.Avx.IsSupported && (X86Base.CpuId(1, 0).Ecx & F16cFlag) != 0,
        Aes = System.Runtime.Intrinsics.X86.Aes.IsSupported,
        Pclmulqdq = System.Runtime.Intrinsics.X86.Pclmulqdq.IsSupported,
        Sha = X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 0).Ebx & ShaFlag) != 0,
    };

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
}
