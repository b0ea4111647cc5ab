namespace Meanwhile.Cli.Tests.Migration;

/// <summary>A guest that ends on the destination while pages of it are still at the source: nothing of it is lost, and both sides say so.</summary>
public sealed class GuestEnds_Tests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly MachineProcess source;
    private readonly MachineProcess destination;

    public GuestEnds_Tests()
    {
        string[] options = ["--memory", LoadedGuest.Memory];
        source = MachineProcess.Run(folder, "source", options);
        source.Console.WaitFor("/ # ");
        source.Console.Type("testsuite mem --percent 60 --passes 1000 & echo work $((6*7))\n");
        source.Console.WaitFor("work 42");
        (destination, string at) = MachineProcess.Wait(folder, "destination", $"unix:{folder.File("m")}", options);
        source.Enable("postcopy-ram");
        source.Execute("migrate-set-parameters", """{"max-postcopy-bandwidth":3000000}""");
        source.Migrate(at);
        source.Execute("migrate-start-postcopy");
        source.Await("postcopy-active");
        destination.Await("postcopy-active");
    }

    public void Dispose()
    {
        source.Dispose();
        destination.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("poweroff -f", 0)]
    [InlineData("echo c > /proc/sysrq-trigger", 1)] // Panic.
    public void By_itself(string command, int exitCode)
    {
        destination.Console.Type(command + "\n");
        Assert.Equal(exitCode, destination.Console.WaitForExit());
        SourceIsDone();
    }

    [Fact]
    public void By_quit()
    {
        Assert.Equal(0, destination.Quit());
        SourceIsDone();
    }

    [Fact]
    public void By_a_reset_after_which_another_boots()
    {
        destination.Console.Type("reboot -f\n");
        SourceIsDone();
        AnotherBoots();
    }

    [Fact]
    public void By_a_reset_when_the_source_is_gone_and_tasks_wait_for_ever()
    {
        source.Console.Kill("KILL");
        destination.Await("postcopy-paused");
        destination.Execute("system_reset");
        AnotherBoots();
    }

    private void SourceIsDone()
    {
        source.Await("completed");
        Assert.Equal("postmigrate", source.RunState);
        Assert.Equal(0, source.Ram("remaining"));
        Assert.Contains("The guest has moved to the destination", source.Refusal("cont"), StringComparison.Ordinal);
        Assert.Equal(0, source.Quit());
    }

    // With RAM in which nothing of the last guest comes late.
    private void AnotherBoots()
    {
        destination.Console.WaitFor("/ # ");
        Assert.Equal("completed", destination.Status);
        Assert.Equal("running", destination.RunState);
        destination.Console.Type("testsuite mem --percent 70 --passes 2\n");
        destination.Console.WaitFor("wrong=0\r\n");
        destination.Console.Type("poweroff -f\n");
        Assert.Equal(0, destination.Console.WaitForExit());
    }
}
