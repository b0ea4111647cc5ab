using System.Runtime.InteropServices;
using Meanwhile.Arm64.Interpreter;

namespace Meanwhile.Arm64.Tests;

/// <summary>The cache of decoded instructions.</summary>
public sealed unsafe class CodeCache_Tests : IDisposable
{
    private const uint Add = 0x91000400;

    private readonly uint* code = (uint*)NativeMemory.AlignedAlloc(4096, 4096);

    public CodeCache_Tests() => new Span<uint>(code, CodePage.InsnCount).Fill(Add);

    public void Dispose() => NativeMemory.AlignedFree(code);

    [Theory]
    [InlineData(0)]
    [InlineData(CodePage.ChunkCount - 1)]
    public void A_chunk_holds_its_words_and_an_end(int index)
    {
        code[(index * CodePage.ChunkLength) + 3] = 0x14000000;
        using var cache = new CodeCache();
        CodePage* page = cache.Page(0x1000, CodeMode.FpEnabled);
        Insn* chunk = cache.MakeChunk(page, (byte*)code, index, CodeMode.FpEnabled);
        Assert.True(CodePage.Chunks(page)[index] == chunk);
        Assert.Equal(Add, chunk[0].Word);
        Assert.Equal(0x14000000u, chunk[3].Word);
        Assert.Equal(index * 256, chunk[0].PageOffset);
        Assert.Equal((index + 1) * 256, chunk[CodePage.ChunkLength].PageOffset);
    }

    [Fact]
    public void Pages_are_kept_apart_by_address_and_mode()
    {
        using var cache = new CodeCache();
        CodePage* page = cache.Page(0x1000, CodeMode.FpEnabled);
        Assert.True(page == cache.Page(0x1000, CodeMode.FpEnabled));
        Assert.True(page != cache.Page(0x1000, CodeMode.FpTrapped));
        Assert.True(page != cache.Page(0x2000, CodeMode.FpEnabled));
        // Far apart, so that they meet in the cache of recent pages.
        Assert.True(page != cache.Page(0x1000 + (1UL << 22), CodeMode.FpEnabled));
        Assert.True(page == cache.Page(0x1000, CodeMode.FpEnabled));
    }

    [Fact]
    public void Invalidation_drops_both_modes_and_leaves_old_instructions_readable()
    {
        using var cache = new CodeCache();
        CodePage* enabled = cache.Page(0x1000, CodeMode.FpEnabled);
        CodePage* trapped = cache.Page(0x1000, CodeMode.FpTrapped);
        Insn* old = cache.MakeChunk(enabled, (byte*)code, 5, CodeMode.FpEnabled);
        cache.MakeChunk(trapped, (byte*)code, 5, CodeMode.FpTrapped);
        cache.Invalidate(0x1000);
        Assert.True(CodePage.Chunks(enabled)[5] == null);
        Assert.True(CodePage.Chunks(trapped)[5] == null);
        Assert.Equal(Add, old->Word);
    }

    [Fact]
    public void A_full_arena_refuses_until_it_is_flushed()
    {
        const int ChunkSize = 2600, PageSize = 128; // 65 Insns of 40 bytes; 16 pointers.
        using var cache = new CodeCache((3 * ChunkSize) + PageSize);
        CodePage* page = cache.Page(0x1000, CodeMode.FpEnabled);
        for (int index = 0; index < 3; index++)
            Assert.True(cache.MakeChunk(page, (byte*)code, index, CodeMode.FpEnabled) != null);
        Assert.True(cache.MakeChunk(page, (byte*)code, 3, CodeMode.FpEnabled) == null);
        Assert.True(cache.Page(0x2000, CodeMode.FpEnabled) == null);
        cache.Flush();
        page = cache.Page(0x2000, CodeMode.FpEnabled);
        Assert.True(page != null);
        Assert.True(CodePage.Chunks(page)[0] == null);
        Assert.True(cache.MakeChunk(page, (byte*)code, 0, CodeMode.FpEnabled) != null);
    }
}
