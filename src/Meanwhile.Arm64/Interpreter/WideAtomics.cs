using System.Runtime.Intrinsics.X86;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>
/// Compare and exchange of 16 bytes of guest memory (CASP, STXP), atomic to every other access. The framework has no way to the host's instruction
/// for it, CMPXCHG16B, so that is a function of some bytes in a page of its own.
/// </summary>
/// <remarks>Unsafe: the page is written before it is first called, and is never written or unmapped after that.</remarks>
internal static unsafe class WideAtomics
{
    private const int PageSize = 4096;

    // CPUID leaf 1, ECX.
    private const int HasCompareExchange16B = 1 << 13;

    private static readonly delegate* unmanaged[SuppressGCTransition]<byte*, ulong*, ulong, ulong, int> Exchange = MakeFunction();

    // int exchange(void *host, uint64_t expected[2], uint64_t low, uint64_t high), System V ABI: RDI, RSI, RDX, RCX. Answers whether it was exchanged.
    private static ReadOnlySpan<byte> Code =>
    [
        0x53,                         // push rbx
        0x48, 0x89, 0xD3,             // mov rbx, rdx
        0x48, 0x8B, 0x06,             // mov rax, [rsi]
        0x48, 0x8B, 0x56, 0x08,       // mov rdx, [rsi + 8]
        0xF0, 0x48, 0x0F, 0xC7, 0x0F, // lock cmpxchg16b [rdi]
        0x0F, 0x94, 0xC1,             // sete cl
        0x48, 0x89, 0x06,             // mov [rsi], rax
        0x48, 0x89, 0x56, 0x08,       // mov [rsi + 8], rdx
        0x0F, 0xB6, 0xC1,             // movzx eax, cl
        0x5B,                         // pop rbx
        0xC3,                         // ret
    ];

    /// <summary>
    /// Writes <paramref name="newLow"/> and <paramref name="newHigh"/> at <paramref name="host"/> (16-byte aligned, writable, resident guest RAM) if it
    /// holds the expected values. The out values are what was there before. A full barrier either way.
    /// </summary>
    internal static bool CompareExchange(
        byte* host, ulong expectedLow, ulong expectedHigh, ulong newLow, ulong newHigh, out ulong oldLow, out ulong oldHigh)
    {
        ulong* pair = stackalloc ulong[] { expectedLow, expectedHigh };
        bool exchanged = Exchange(host, pair, newLow, newHigh) != 0;
        oldLow = pair[0];
        oldHigh = pair[1];
        return exchanged;
    }

    private static delegate* unmanaged[SuppressGCTransition]<byte*, ulong*, ulong, ulong, int> MakeFunction()
    {
        if (!X86Base.X64.IsSupported || (X86Base.CpuId(1, 0).Ecx & HasCompareExchange16B) == 0)
            throw new PlatformNotSupportedException("The host's processor has no CMPXCHG16B, which a guest's CASP and STXP need.");
        var memory = new ExecutableMemory(PageSize);
        Code.CopyTo(new Span<byte>(memory.Writable, PageSize));
        return (delegate* unmanaged[SuppressGCTransition]<byte*, ulong*, ulong, ulong, int>)memory.Executable;
    }
}
