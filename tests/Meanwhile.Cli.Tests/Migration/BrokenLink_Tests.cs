namespace Meanwhile.Cli.Tests.Migration;

/// <summary>Links that break and processes that die: the guest runs on exactly one side, with right data, or both say why not.</summary>
public sealed class BrokenLink_Tests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly MachineProcess source;
    private readonly MachineProcess destination;
    private readonly string at;

    public BrokenLink_Tests()
    {
        source = LoadedGuest.Boot(folder, 200);
        (destination, at) = MachineProcess.Wait(folder, "destination", $"unix:{folder.File("m")}", "--memory", LoadedGuest.Memory);
        source.Enable("events", "postcopy-ram");
        destination.Enable("events");
        source.Execute("migrate-set-parameters", """{"max-bandwidth":5000000,"max-postcopy-bandwidth":5000000}""");
    }

    public void Dispose()
    {
        source.Dispose();
        destination.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_post_copy_whose_connections_are_cut_and_that_is_paused_is_recovered()
    {
        string front = folder.File("front");
        using var proxy = new CuttableProxy(front, folder.File("m"));
        StartPostcopy($"unix:{front}");
        proxy.Cut();
        BothPaused();
        Assert.Equal("running", destination.RunState);
        Assert.Equal("finish-migrate", source.RunState);
        Assert.Contains("Migration is not finalized yet", source.Refusal("cont"), StringComparison.Ordinal);
        Assert.Contains("Cannot resume", destination.Refusal("migrate", $$"""{"uri":"{{at}}","resume":true}"""), StringComparison.Ordinal);

        // Where it listened, over the proxy again; then elsewhere.
        source.Migrate($"unix:{front}", resume: true);
        destination.Await("postcopy-active");
        source.Execute("migrate-pause");
        BothPaused();
        destination.Execute("migrate-recover", $$"""{"uri":"unix:{{folder.File("other")}}"}""");
        source.Execute("migrate-set-parameters", """{"max-postcopy-bandwidth":0}""");
        source.Migrate($"unix:{folder.File("other")}", resume: true);
        source.Await("completed");
        destination.Await("completed");
        Assert.Contains("MIGRATION postcopy-recover", source.Events);
        LoadedGuest.Finish(destination);
        Assert.Equal(0, source.Quit());
    }

    [Fact]
    public void A_source_that_dies_after_the_switch_leaves_tasks_waiting_and_never_with_wrong_data()
    {
        StartPostcopy(at);
        source.Console.Kill("KILL");
        destination.Await("postcopy-paused");
        Assert.Contains("missing pages", destination.Error, StringComparison.Ordinal);
        Assert.Equal("running", destination.RunState);
        Assert.True(destination.Ram("remaining") > 0);
        Assert.DoesNotContain("done 42", destination.Console.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong=", destination.Console.Output, StringComparison.Ordinal);
        Assert.Equal(0, destination.Quit());
    }

    [Fact]
    public void A_destination_that_dies_before_the_switch_leaves_the_guest_running()
    {
        source.Migrate(at);
        source.Await("sending", () => source.Ram("transferred") > 1_000_000);
        destination.Console.Kill("KILL");
        source.Await("failed");
        Assert.Contains("The guest goes on here", source.Error, StringComparison.Ordinal);
        Assert.Equal("running", source.RunState);
        LoadedGuest.Finish(source);
    }

    [Fact]
    public void A_destination_that_dies_after_the_switch_took_its_guest_with_it()
    {
        StartPostcopy(at);
        destination.Console.Kill("KILL");
        source.Await("postcopy-paused");
        Assert.Equal("finish-migrate", source.RunState);
        Assert.Contains("Migration is not finalized yet", source.Refusal("cont"), StringComparison.Ordinal);
        Assert.Contains("does not run here", source.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("done 42", source.Console.Output, StringComparison.Ordinal);
        Assert.Equal(0, source.Quit());
    }

    private void StartPostcopy(string uri)
    {
        source.Migrate(uri);
        source.Execute("migrate-start-postcopy");
        destination.Await("postcopy-active");
        source.Await("postcopy-active");
    }

    private void BothPaused()
    {
        source.Await("postcopy-paused");
        destination.Await("postcopy-paused");
    }
}
