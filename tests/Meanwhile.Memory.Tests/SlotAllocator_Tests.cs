using CsCheck;
using Meanwhile.Memory.Sources;

namespace Meanwhile.Memory.Tests;

public class SlotAllocator_Tests
{
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(129)]
    public void Slots_in_use_are_never_given_again_and_every_free_one_is_found(int count)
    {
        Gen.Select(Gen.Bool, Gen.Int[1, 40]).Array[0, 200].Sample(operations =>
        {
            var slots = new SlotAllocator(count);
            List<int> used = [];
            foreach ((bool allocate, int number) in operations)
            {
                if (allocate)
                {
                    int got = slots.Allocate(number, out int first);
                    Assert.Equal(used.Count == count, got == 0);
                    Assert.InRange(got, 0, number);
                    for (int slot = first; slot < first + got; slot++)
                    {
                        Assert.InRange(slot, 0, count - 1);
                        Assert.DoesNotContain(slot, used);
                        used.Add(slot);
                    }
                }
                else if (used.Count != 0)
                {
                    int index = number % used.Count;
                    slots.Release(used[index]);
                    used.RemoveAt(index);
                }
                Assert.Equal(count - used.Count, slots.Free);
            }
        }, iter: 100);
    }

    [Fact]
    public void An_empty_store_gives_whole_clusters()
    {
        var slots = new SlotAllocator(96);
        Assert.Equal(32, slots.Allocate(32, out int first));
        Assert.Equal(0, first);
        Assert.Equal(32, slots.Allocate(32, out first));
        Assert.Equal(32, first);
    }

    [Fact]
    public void Releasing_a_free_slot_is_a_bug()
    {
        Assert.Throws<InvalidOperationException>(() => new SlotAllocator(4).Release(1));
    }
}
