namespace Meanwhile.Hypervisor.Tests;

public sealed class HaltPolling_Tests
{
    private readonly HaltPolling polling = new();

    [Fact]
    public void It_does_not_poll_before_it_has_seen_a_short_halt() => Assert.Equal(0, polling.Limit);

    [Fact]
    public void It_polls_longer_while_halts_end_just_after_it()
    {
        polling.Record(5_000);
        Assert.Equal(10_000, polling.Limit);
        polling.Record(15_000);
        Assert.Equal(20_000, polling.Limit);
        polling.Record(100_000);
        Assert.Equal(40_000, polling.Limit);
    }

    [Fact]
    public void A_halt_that_ends_while_it_polls_changes_nothing()
    {
        polling.Record(5_000);
        polling.Record(9_000);
        Assert.Equal(10_000, polling.Limit);
    }

    [Fact]
    public void It_never_polls_longer_than_the_longest_halt_that_is_worth_it()
    {
        for (int n = 0; n < 20; n++)
            polling.Record(200_000);
        Assert.Equal(200_000, polling.Limit);
    }

    [Fact]
    public void A_long_halt_ends_polling()
    {
        polling.Record(5_000);
        polling.Record(200_001);
        Assert.Equal(0, polling.Limit);
    }
}
