using System.Runtime.InteropServices;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>
/// The decoded instructions of one guest-physical 4 KiB page, for one <see cref="CodeMode"/>, in aligned chunks that are made when they are
/// first executed. Lives in the arena of its <see cref="CodeCache"/>.
/// </summary>
/// <remarks>
/// A chunk is its <see cref="ChunkLength"/> instructions, contiguous, and one <see cref="Insn"/> more that goes on at the next address. A block is
/// what runs from wherever a branch enters a chunk to the first instruction that ends it: so where blocks end depends on
/// addresses alone, not on how execution came there, and neither does the moment at which an interrupt is taken.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CodePage
{
    /// <summary>Instructions in a page.</summary>
    public const int InsnCount = 1024;

    /// <summary>Instructions in a chunk: the longest block, so also how long the core can go without looking at <see cref="CpuState.Attention"/>.</summary>
    public const int ChunkLength = 64;

    /// <summary>Chunks in a page.</summary>
    public const int ChunkCount = InsnCount / ChunkLength;

    private fixed ulong chunks[ChunkCount];

    /// <summary>The array of <see cref="ChunkCount"/> first instructions, null for chunks that do not exist yet. The page lives in native memory, so this is stable.</summary>
    public static Insn** Chunks(CodePage* page) => (Insn**)page->chunks;
}

/// <summary>Every mode of the core that changes how an instruction word is bound; part of a page's key.</summary>
internal enum CodeMode : byte
{
    /// <summary>FP and Advanced SIMD instructions trap (CPACR_EL1.FPEN for the current exception level).</summary>
    FpTrapped,

    /// <summary>FP and Advanced SIMD instructions execute.</summary>
    FpEnabled,
}
