using Meanwhile.Arm64.Exceptions;

namespace Meanwhile.Arm64.Tests;

/// <summary>DDI0487 B2.9: the exclusive monitor, which differential tests see only in the simplest of its uses.</summary>
public unsafe class Exclusive_Tests
{
    private const uint LoadX0 = 0xC85F7C20; // ldxr x0, [x1]
    private const uint LoadX0FromX6 = 0xC85F7CC0; // ldxr x0, [x6]
    private const uint LoadW0 = 0x885FFC20; // ldaxr w0, [x1]
    private const uint StoreX3 = 0xC8027C23; // stxr w2, x3, [x1]
    private const uint StoreW3 = 0x88027C23; // stxr w2, w3, [x1]
    private const uint LoadPair = 0xC87F1020; // ldxp x0, x4, [x1]
    private const uint StorePair = 0xC8221423; // stxp w2, x3, x5, [x1]
    private const uint PlainStore = 0xF9000023; // str x3, [x1]
    private const uint Clear = 0xD5033F5F; // clrex

    private static TestMachine Machine()
    {
        var m = new TestMachine();
        m.X[1] = TestMachine.DataBase;
        m.X[2] = 0x77;
        m.X[3] = 0x3333_4444_5555_6666;
        m.X[5] = 0x5555;
        m.X[6] = TestMachine.DataBase + 8;
        m.Write(TestMachine.DataBase, 0x1111_2222_3333_4444UL);
        m.Write(TestMachine.DataBase + 8, 0x9999UL);
        return m;
    }

    private static void AssertStored(TestMachine m, ulong status, ulong memory)
    {
        Assert.Equal(status, m.X[2]);
        Assert.Equal(memory, m.Read<ulong>(TestMachine.DataBase));
    }

    [Fact]
    public void A_store_after_its_load_succeeds_once()
    {
        using TestMachine m = Machine();
        m.Run(LoadX0, StoreX3);
        Assert.Equal(0x1111_2222_3333_4444UL, m.X[0]);
        AssertStored(m, 0, 0x3333_4444_5555_6666);
        m.Write(TestMachine.DataBase, 1UL);
        m.Run(StoreX3);
        AssertStored(m, 1, 1);
    }

    [Fact]
    public void A_store_without_a_load_fails()
    {
        using TestMachine m = Machine();
        m.Run(StoreX3);
        AssertStored(m, 1, 0x1111_2222_3333_4444);
    }

    [Fact]
    public void CLREX_opens_the_monitor()
    {
        using TestMachine m = Machine();
        m.Run(LoadX0, Clear, StoreX3);
        AssertStored(m, 1, 0x1111_2222_3333_4444);
    }

    [Fact]
    public void A_store_to_another_address_fails()
    {
        using TestMachine m = Machine();
        m.Run(LoadX0FromX6, StoreX3);
        AssertStored(m, 1, 0x1111_2222_3333_4444);
    }

    [Fact]
    public void A_store_of_another_size_fails()
    {
        using TestMachine m = Machine();
        m.Run(LoadX0, StoreW3);
        AssertStored(m, 1, 0x1111_2222_3333_4444);
    }

    [Fact]
    public void A_store_fails_when_memory_has_changed()
    {
        using TestMachine m = Machine();
        m.Run(LoadX0);
        m.Write(TestMachine.DataBase, 5UL); // Another observer.
        m.Run(StoreX3);
        AssertStored(m, 1, 5);
    }

    [Fact]
    public void A_word_store_leaves_the_other_word()
    {
        using TestMachine m = Machine();
        m.Run(LoadW0, StoreW3);
        Assert.Equal(0x3333_4444UL, m.X[0]);
        AssertStored(m, 0, 0x1111_2222_5555_6666);
    }

    [Fact]
    public void A_pair_is_stored_when_neither_half_has_changed()
    {
        using TestMachine m = Machine();
        m.Run(LoadPair, StorePair);
        Assert.Equal(0x9999UL, m.X[4]);
        AssertStored(m, 0, 0x3333_4444_5555_6666);
        Assert.Equal(0x5555UL, m.Read<ulong>(TestMachine.DataBase + 8));
    }

    [Fact]
    public void A_pair_is_not_stored_when_its_high_half_has_changed()
    {
        using TestMachine m = Machine();
        m.Run(LoadPair);
        m.Write(TestMachine.DataBase + 8, 1UL);
        m.Run(StorePair);
        AssertStored(m, 1, 0x1111_2222_3333_4444);
        Assert.Equal(1UL, m.Read<ulong>(TestMachine.DataBase + 8));
    }

    [Fact]
    public void A_plain_store_of_the_same_processor_that_changes_the_value_makes_the_store_fail()
    {
        using TestMachine m = Machine();
        m.Run(LoadX0, PlainStore, StoreX3);
        AssertStored(m, 1, 0x3333_4444_5555_6666);
    }

    [Theory]
    [InlineData(LoadX0, 4UL)]
    [InlineData(StoreX3, 4UL)]
    [InlineData(LoadPair, 8UL)]
    [InlineData(StorePair, 8UL)]
    [InlineData(LoadW0, 2UL)]
    [InlineData(0xC8DF_FC20U, 4UL)] // ldar x0, [x1]
    [InlineData(0x889F_FC20U, 2UL)] // stlr w0, [x1]
    [InlineData(0xF820_0022U, 4UL)] // ldadd x0, x2, [x1]
    public void An_unaligned_access_faults_whatever_SCTLR_says(uint word, ulong offset)
    {
        using TestMachine m = Machine();
        m.X[1] += offset;
        ulong esr = m.RunToException(word);
        Assert.Equal(ExceptionClass.DataAbortSame, (ExceptionClass)(esr >> 26));
        Assert.Equal(0x21UL, esr & 0x3F);
        Assert.Equal(TestMachine.DataBase + offset, m.State->System.FarEl1);
    }
}
