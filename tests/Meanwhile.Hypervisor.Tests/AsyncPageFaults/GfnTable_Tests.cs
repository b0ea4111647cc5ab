using CsCheck;
using Meanwhile.Hypervisor.AsyncPageFaults;

namespace Meanwhile.Hypervisor.Tests.AsyncPageFaults;

public class GfnTable_Tests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(64)]
    public void It_behaves_as_a_bounded_set(int capacity)
    {
        // Few different numbers, so that clusters form and wrap around the end.
        Gen.Select(Gen.Bool, Gen.ULong[0, (ulong)capacity * 2]).Array[0, 400].Sample(operations =>
        {
            var table = new GfnTable(capacity);
            var model = new HashSet<ulong>();
            foreach ((bool add, ulong gfn) in operations)
            {
                bool expected = add ? model.Count < capacity && model.Add(gfn) : model.Remove(gfn);
                Assert.Equal(expected, add ? table.TryAdd(gfn) : table.Remove(gfn));
                Assert.Equal(model.Count, table.Count);
                Assert.Equal(model.Count == capacity, table.IsFull);
                for (ulong each = 0; each <= (ulong)capacity * 2; each++)
                    Assert.Equal(model.Contains(each), table.Contains(each));
            }
        }, iter: 100);
    }

    [Fact]
    public void Removal_in_a_completely_full_table_keeps_the_others()
    {
        var table = new GfnTable(64);
        for (ulong gfn = 0; gfn < 64; gfn++)
            Assert.True(table.TryAdd(gfn << 20));
        Assert.False(table.TryAdd(1));
        for (ulong gfn = 0; gfn < 64; gfn += 2)
            Assert.True(table.Remove(gfn << 20));
        for (ulong gfn = 0; gfn < 64; gfn++)
            Assert.Equal(gfn % 2 == 1, table.Contains(gfn << 20));
    }

    [Fact]
    public void Clear_removes_all()
    {
        var table = new GfnTable(4);
        table.TryAdd(1);
        table.Clear();
        Assert.False(table.Contains(1));
        Assert.Equal(0, table.Count);
    }
}
