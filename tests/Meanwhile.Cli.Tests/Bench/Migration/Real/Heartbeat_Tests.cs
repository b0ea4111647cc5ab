using Meanwhile.Cli.Bench.Migration.Real;

namespace Meanwhile.Cli.Tests.Bench.Migration.Real;

/// <summary>The guest's lines.</summary>
public sealed class Heartbeat_Tests
{
    [Fact]
    public void A_line_of_the_guests_program_is_read() => Assert.Equal(
        new Heartbeat(24, 1.5, 4096, 0.25, 1.25, 3, 700, 2),
        Heartbeat.Parse("beat 24 end=1500000000 steps=4096 gap=250000000 gap-end=1250000000 passes=3 touched=700 wrong=2"));

    [Theory]
    [InlineData("")]
    [InlineData("[    0.000000] Booting Linux")]
    [InlineData("beat ")]
    [InlineData("beat 1 end=1 steps=1 gap=1 gap-end=1 passes=1 touched=1")]
    [InlineData("beat 1 end=1 steps=1 gap=1 gap-end=1 passes=1 touched=1 wrong=")]
    [InlineData("beat 1 end=1 steps=-1 gap=1 gap-end=1 passes=1 touched=1 wrong=0")]
    [InlineData("beat 1 end=1 steps=1 gap=1 gap-end=1 passes=1 touched=1 wrong=0 more")]
    [InlineData("beat 1 steps=1 end=1 gap=1 gap-end=1 passes=1 touched=1 wrong=0")]
    public void Another_line_is_none(string line) => Assert.Null(Heartbeat.Parse(line));
}
