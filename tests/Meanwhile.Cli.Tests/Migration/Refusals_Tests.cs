using Meanwhile.Cli.Tests.Guests;
using Meanwhile.Migration.Tests.Fakes;

namespace Meanwhile.Cli.Tests.Migration;

/// <summary>Migrations that cannot be: a clear text, and the guest goes on as if nothing had been asked. And those with certificates, which can.</summary>
public sealed class Refusals_Tests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Certificates certificates = new();
    private readonly string kernel;
    private readonly MachineProcess source;

    public Refusals_Tests()
    {
        kernel = folder.Write("echo", FlatPrograms.Echo);
        source = MachineProcess.Run(folder, "source", Options());
        source.Console.WaitFor("R");
        source.Enable("events", "postcopy-ram");
    }

    public void Dispose()
    {
        source.Dispose();
        certificates.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("RAM: 67108864 bytes there, 33554432 bytes here", "--memory", "32M")]
    [InlineData("CPUs: 1 there, 2 here", "--cpus", "2")]
    [InlineData("virtio-blk0", "--disk", "{0}/disk")]
    [InlineData("devices: pl061, power-button there only, nothing here only", "--power-button", "off")]
    [InlineData("async-pf", "--async-page-faults", "off")]
    public void Another_machine_is_named_and_the_destination_waits_on(string difference, string option, string value)
    {
        folder.Write("disk", new byte[4096]);
        string[] options = [.. Options().Where((_, index) => option != "--memory" || index < 2), option, string.Format(null, value, folder.Path)];
        (MachineProcess machine, string at) = MachineProcess.Wait(folder, "destination", $"unix:{folder.File("m")}", options);
        using MachineProcess destination = machine;
        source.Migrate(at);
        source.Await("failed");
        Assert.Contains(difference, source.Error, StringComparison.Ordinal);
        Assert.Contains("Start the destination with the source's options", source.Error, StringComparison.Ordinal);
        GoesOn();
        Assert.Equal("inmigrate", destination.RunState);
        Assert.Equal("setup", destination.Status);
        Assert.Equal(0, destination.Quit());
    }

    [Fact]
    public void Nobody_listens_there()
    {
        source.Migrate($"unix:{folder.File("nobody")}");
        source.Await("failed");
        Assert.Contains("nobody", source.Error, StringComparison.Ordinal);
        GoesOn();
    }

    [Theory]
    [InlineData("unix:{0}/m")]
    [InlineData("tcp:127.0.0.1:0")]
    public void An_address_in_use_and_a_destination_that_has_a_source(string uri)
    {
        (MachineProcess machine, string at) = MachineProcess.Wait(folder, "destination", string.Format(null, uri, folder.Path), Options());
        using MachineProcess destination = machine;
        using (CommandProcess third = CommandProcess.Meanwhile(["run", "--incoming", at, .. Options()]))
        {
            Assert.Equal(2, third.WaitForExit());
            Assert.Contains($"meanwhile: --incoming: {at} is in use", third.Errors, StringComparison.Ordinal);
        }
        using MachineProcess deferred = MachineProcess.Run(folder, "deferred", ["--incoming", "defer", .. Options()]);
        Assert.Contains("is in use", deferred.Refusal("migrate-incoming", $$"""{"uri":"{{at}}"}"""), StringComparison.Ordinal);
        deferred.Execute("migrate-incoming", $$"""{"uri":"unix:{{folder.File("free")}}"}""");
        Assert.Contains("already been started", deferred.Refusal("migrate-incoming", $$"""{"uri":"unix:{{folder.File("free")}}"}"""), StringComparison.Ordinal);
        Assert.Contains("waiting for an incoming migration", deferred.Refusal("migrate", $$"""{"uri":"{{at}}"}"""), StringComparison.Ordinal);

        // The first has the destination to itself, while a second one comes.
        source.Execute("migrate-set-parameters", """{"max-bandwidth":1}""");
        source.Migrate(at);
        source.Await("active");
        using (MachineProcess other = MachineProcess.Run(folder, "other", Options()))
        {
            other.Migrate(at);
            other.Await("failed");
            Assert.Contains("another migration is under way", other.Error, StringComparison.Ordinal);
            Assert.Equal(0, other.Quit());
        }
        source.Execute("migrate-set-parameters", """{"max-bandwidth":0}""");
        Arrives(destination);
        deferred.Quit();
    }

    [Fact]
    public void Addresses_of_other_machines_need_TLS_on_both_sides()
    {
        Assert.Contains("must not travel in the clear", source.Refusal("migrate", """{"uri":"tcp:192.0.2.1:4444"}"""), StringComparison.Ordinal);
        Assert.Equal("none", source.Status);
        using CommandProcess destination = CommandProcess.Meanwhile(["run", "--incoming", "tcp:0.0.0.0:0", .. Options()]);
        Assert.Equal(2, destination.WaitForExit());
        Assert.Contains("must not travel in the clear", destination.Errors, StringComparison.Ordinal);
        GoesOn();
    }

    [Fact]
    public void With_certificates_of_one_authority_it_moves_by_the_command()
    {
        (MachineProcess machine, string at) = MachineProcess.Wait(folder, "destination", "tcp:127.0.0.1:0", ["--tls", certificates.Folder, .. Options()]);
        using MachineProcess destination = machine;
        using CommandProcess migrate = CommandProcess.Meanwhile("migrate", source.Socket, at, "--tls", certificates.Folder);
        int code = migrate.WaitForExit();
        Assert.True(code == 0, migrate.Errors);
        Arrives(destination);
    }

    [Theory]
    [InlineData("another authority", "The peer's certificate is refused: by the CA in {0}/ca-cert.pem: ", "by the CA in {1}/ca-cert.pem: ")]
    [InlineData("another host", "The peer's certificate is refused: it is for another host name (see tls-hostname)", "did it refuse this side's certificate ({1}/server-cert.pem)?")]
    [InlineData("expired", "({0}/client-cert.pem)", "The peer's certificate is refused: by the CA in {1}/ca-cert.pem: certificate has expired")]
    [InlineData("none", "closed the connection during the greeting: does it want TLS", "The peer does not speak TLS 1.3")]
    public void Wrong_certificates_are_refused_and_right_ones_work_afterwards(string wrong, string sourceSays, string destinationSays)
    {
        using var others = new Certificates();
        if (wrong == "another host")
            certificates.Issue("server", host: "elsewhere.example");
        else if (wrong == "expired")
            certificates.Issue("client", expired: true);
        (MachineProcess machine, string at) = MachineProcess.Wait(folder, "destination", "tcp:127.0.0.1:0", ["--tls", certificates.Folder, .. Options()]);
        using MachineProcess destination = machine;
        string used = wrong == "another authority" ? others.Folder : certificates.Folder;
        if (wrong != "none")
            Credentials(used, "tls0");
        source.Migrate(at);
        source.Await("failed");
        Assert.Contains(string.Format(null, sourceSays, used), source.Error, StringComparison.Ordinal);
        Assert.Contains("The guest goes on here", source.Error, StringComparison.Ordinal);
        GoesOn();
        destination.Await("turned away", () => destination.Error.Contains("turned away", StringComparison.Ordinal));
        Assert.Contains(string.Format(null, destinationSays, "", certificates.Folder), destination.Error, StringComparison.Ordinal);
        Assert.Equal("inmigrate", destination.RunState);

        if (wrong == "another host")
            source.Execute("migrate-set-parameters", """{"tls-hostname":"elsewhere.example"}""");
        if (wrong == "expired")
            certificates.Issue("client");
        Credentials(certificates.Folder, "tls1");
        source.Migrate(at);
        Arrives(destination);
    }

    [Fact]
    public void Certificates_that_are_not_there_are_named()
    {
        Credentials(folder.Path, "tls0");
        Assert.Contains("ca-cert.pem is missing", source.Refusal("migrate", """{"uri":"tcp:127.0.0.1:1"}"""), StringComparison.Ordinal);
        using CommandProcess destination = CommandProcess.Meanwhile(["run", "--incoming", "tcp:127.0.0.1:0", "--tls", folder.Path, .. Options()]);
        Assert.Equal(2, destination.WaitForExit());
        Assert.Contains("ca-cert.pem is missing", destination.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--incoming: unknown migration protocol: exec:cat", "--incoming", "exec:cat")]
    [InlineData("--incoming needs --clock real", "--incoming", "defer", "--clock", "virtual")]
    [InlineData("--tls is for --incoming", "--tls", "/tmp")]
    public void What_cannot_be_is_said_in_one_line(string message, params string[] options)
    {
        using CommandProcess command = CommandProcess.Meanwhile(["run", .. Options(), .. options]);
        Assert.Equal(2, command.WaitForExit());
        Assert.StartsWith("meanwhile: " + message, command.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_that_its_user_stopped_stays_so_whatever_becomes_of_the_migration()
    {
        source.Execute("stop");
        source.Migrate($"unix:{folder.File("nobody")}");
        source.Await("failed");
        Assert.Equal("paused", source.RunState);
        (MachineProcess machine, string at) = MachineProcess.Wait(folder, "destination", $"unix:{folder.File("m")}", Options());
        using MachineProcess destination = machine;
        source.Migrate(at);
        destination.Await("completed");
        Assert.Equal("paused", destination.RunState);
        destination.Console.Type("z");
        destination.Execute("cont");
        Assert.Equal("running", destination.RunState);
        destination.Console.WaitFor("z");
        Assert.Equal(0, destination.Quit());
    }

    private string[] Options() => ["--kernel", kernel, "--memory", "64M"];

    private void Credentials(string path, string id)
    {
        source.Execute("object-add", $$"""{"qom-type":"tls-creds-x509","id":"{{id}}","dir":"{{path}}","endpoint":"client"}""");
        source.Execute("migrate-set-parameters", $$"""{"tls-creds":"{{id}}"}""");
    }

    // Nothing has stopped it, and it answers.
    private void GoesOn()
    {
        Assert.DoesNotContain("STOP", source.Events);
        Assert.Equal("running", source.RunState);
        source.Console.Type("g");
        source.Console.WaitFor("g");
    }

    private void Arrives(MachineProcess destination)
    {
        source.Await("completed");
        destination.Await("completed");
        destination.Console.Type("a");
        destination.Console.WaitFor("a");
        // It did not boot again.
        Assert.Equal("a", destination.Console.Output);
        Assert.Equal(0, destination.Quit());
        Assert.Equal(0, source.Quit());
    }
}
