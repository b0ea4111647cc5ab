namespace Meanwhile.Cli.Tests.Migration;

/// <summary>Guests that move between two processes over real sockets, under load. What is a state's name, and when, is QEMU's.</summary>
public sealed class Moves_Tests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("unix:{0}/m", "1", "none")]
    [InlineData("tcp:127.0.0.1:0", "2", "zstd")]
    public void Pre_copy(string uri, string cpus, string compression)
    {
        using MachineProcess source = LoadedGuest.Boot(folder, 300, "--cpus", cpus);
        (MachineProcess machine, string at) = MachineProcess.Wait(folder, "destination", string.Format(null, uri, folder.Path), "--memory", LoadedGuest.Memory, "--cpus", cpus);
        using MachineProcess destination = machine;
        Assert.Equal("inmigrate", destination.RunState);
        Assert.Contains("has not started yet", destination.Refusal("system_reset"), StringComparison.Ordinal);
        destination.Enable("events");
        source.Enable("events");
        source.Execute("migrate-set-parameters", $$"""{"max-bandwidth":0,"multifd-compression":"{{compression}}"}""");
        source.Migrate(at);
        source.Await("completed");
        destination.Await("completed");
        Assert.Equal("postmigrate", source.RunState);
        Assert.Equal("running", destination.RunState);
        Assert.Contains("The guest has moved to the destination", source.Refusal("cont"), StringComparison.Ordinal);
        Assert.Contains("paused due to previous migration", source.Refusal("migrate", $$"""{"uri":"{{at}}"}"""), StringComparison.Ordinal);
        Assert.Equal(["MIGRATION setup", "MIGRATION active", "STOP", "MIGRATION device", "MIGRATION completed"], source.Events);
        destination.AwaitEvent("MIGRATION completed");
        // What was told of it before its client had switched events on does not matter.
        Assert.Equal(["MIGRATION active", "MIGRATION device", "RESUME", "MIGRATION completed"], destination.Events[^4..]);
        Assert.True(source.Ram("normal") > 1000);
        Assert.True(source.Ram("dirty-sync-count") >= 2);
        Assert.Equal(128L << 20, destination.Execute("query-memory-size-summary").GetProperty("base-memory").GetInt64());
        Assert.Equal(0, source.Quit());
        LoadedGuest.Finish(destination, source);
    }

    [Theory]
    [InlineData("1", "on")]
    [InlineData("2", "off")]
    public void Post_copy(string cpus, string asyncPageFaults)
    {
        string[] options = ["--cpus", cpus, "--async-page-faults", asyncPageFaults];
        using MachineProcess source = LoadedGuest.Boot(folder, 300, options);
        (MachineProcess machine, string at) = MachineProcess.Wait(folder, "destination", $"unix:{folder.File("m")}", ["--memory", LoadedGuest.Memory, .. options]);
        using MachineProcess destination = machine;
        source.Enable("events", "postcopy-ram", "postcopy-preempt");
        source.Execute("migrate-set-parameters", """{"max-bandwidth":20000000,"max-postcopy-bandwidth":20000000}""");
        source.Migrate(at);
        source.Execute("migrate-start-postcopy");
        source.AwaitEvent("MIGRATION postcopy-active");
        Assert.Contains("cannot cancel", source.Refusal("migrate_cancel"), StringComparison.Ordinal);
        source.Await("completed");
        destination.Await("completed");
        Assert.Equal(["MIGRATION setup", "MIGRATION active", "STOP", "MIGRATION device", "MIGRATION postcopy-active", "MIGRATION completed"], source.Events);
        Assert.True(source.Ram("postcopy-requests") > 0);
        Assert.Equal(source.Ram("postcopy-requests"), destination.Ram("postcopy-requests"));
        Assert.Equal(int.Parse(cpus, null), destination.Execute("query-migrate").GetProperty("postcopy-vcpu-blocktime").GetArrayLength());
        string faults = destination.Execute("human-monitor-command", """{"command-line":"info async-page-faults"}""").GetString()!;
        Assert.Contains(asyncPageFaults == "on" ? "wake-alls: 1" : "not offered", faults, StringComparison.Ordinal);
        LoadedGuest.Finish(destination, source);
        Assert.Equal(0, source.Quit());
    }

    [Fact]
    public void A_cancelled_migration_leaves_the_guest_where_it_is_and_another_may_follow()
    {
        const int Limit = 2_000_000;
        using MachineProcess source = LoadedGuest.Boot(folder, 200);
        (MachineProcess machine, string at) = MachineProcess.Wait(folder, "destination", $"unix:{folder.File("m")}", "--memory", LoadedGuest.Memory);
        using MachineProcess destination = machine;
        source.Execute("migrate-set-parameters", $$"""{"max-bandwidth":{{Limit}}}""");
        source.Migrate(at);
        source.Await("sending", () => source.Ram("transferred") > Limit);
        double megabits = source.Execute("query-migrate").GetProperty("ram").GetProperty("mbps").GetDouble();
        // The first frame waits for nothing.
        Assert.InRange(megabits, 0, Limit * 8 / 1e6 * 1.5);
        Assert.Contains("There's a migration process in progress", source.Refusal("migrate", $$"""{"uri":"{{at}}"}"""), StringComparison.Ordinal);
        source.Execute("migrate_cancel");
        source.Await("cancelled");
        Assert.Equal("running", source.RunState);
        Assert.Equal(3, destination.Console.WaitForExit());
        Assert.Contains("no guest has come: The source cancelled the migration.", destination.Console.Errors, StringComparison.Ordinal);

        (machine, at) = MachineProcess.Wait(folder, "second", $"unix:{folder.File("m")}", "--memory", LoadedGuest.Memory);
        using MachineProcess second = machine;
        source.Execute("migrate-set-parameters", """{"max-bandwidth":0}""");
        source.Migrate(at);
        source.Await("completed");
        LoadedGuest.Finish(second, source);
    }

    [Fact]
    public void What_the_guest_wrote_to_its_disk_is_there_where_it_goes_and_one_machine_at_a_time_has_the_image()
    {
        string disk = folder.Write("disk", new byte[1 << 20]);
        using MachineProcess source = MachineProcess.Run(folder, "source", "--memory", LoadedGuest.Memory, "--disk", disk);
        source.Console.WaitFor("/ # ");
        source.Console.Type("echo here > /dev/vda; echo wrote $?\n");
        source.Console.WaitFor("wrote 0");
        (MachineProcess machine, string at) = MachineProcess.Wait(folder, "destination", $"unix:{folder.File("m")}", "--memory", LoadedGuest.Memory, "--disk", disk);
        using MachineProcess destination = machine;
        source.Migrate(at);
        destination.Await("completed");
        destination.Console.Type("sync; echo 3 > /proc/sys/vm/drop_caches; head -c 5 /dev/vda; echo there > /dev/vda; sync; echo again $?\n");
        destination.Console.WaitFor("\nhere\r\n");
        destination.Console.WaitFor("again 0");
        using CommandProcess third = CommandProcess.Meanwhile("run", "--memory", "64M", "--disk", disk);
        Assert.Equal(2, third.WaitForExit());
        Assert.Contains("it is being used by another process", third.Errors, StringComparison.Ordinal);
        Assert.Equal(0, destination.Quit());
        Assert.Equal("there"u8, File.ReadAllBytes(disk)[..5]);
    }
}
