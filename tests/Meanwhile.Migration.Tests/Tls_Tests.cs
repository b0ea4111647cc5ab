using Meanwhile.Migration.Destination;
using Meanwhile.Migration.Source;
using Meanwhile.Migration.Tests.Fakes;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Migration.Tests;

/// <summary>TLS with certificates on both sides; whoever has none of this CA's gets nowhere, and no guest stops for him.</summary>
public class Tls_Tests
{
    [Fact]
    public void Both_have_certificates_of_one_authority()
    {
        using var certificates = new Certificates();
        using var world = new SocketWorld(new MigrationOptions { PostCopy = true, MaxBandwidth = 4_000_000, MaxPostCopyBandwidth = 4_000_000 });
        world.Listen("tcp:127.0.0.1:0", Load(certificates, true));
        world.Start(tls: Load(certificates, false));
        world.Source.StartPostCopy();
        world.AwaitCompletion();
        Assert.True(world.Source.Status().PostCopyBytes > 0);
    }

    [Fact]
    public void All_interfaces_are_allowed_with_tls()
    {
        using var certificates = new Certificates();
        using var world = new SocketWorld(new MigrationOptions());
        world.Listen("tcp:0.0.0.0:0", Load(certificates, true));
        world.Start(MigrationAddress.Parse($"tcp:localhost:{world.Incoming!.Address.Port}"), Load(certificates, false));
        world.AwaitCompletion();
    }

    [Fact]
    public void A_destination_of_another_authority_is_refused()
    {
        using var certificates = new Certificates();
        using var others = new Certificates();
        Fails(Load(others, true), Load(certificates, false), "certificate is refused");
    }

    [Fact]
    public void A_source_of_another_authority_is_refused()
    {
        using var certificates = new Certificates();
        using var others = new Certificates();
        // The source trusts the destination, and shows what the destination does not trust.
        File.Copy(Path.Combine(certificates.Folder, "ca-cert.pem"), Path.Combine(others.Folder, "ca-cert.pem"), overwrite: true);
        using SocketWorld world = Fails(Load(certificates, true), Load(others, false), "");
        AssertTurnedAway(world, "certificate is refused");
    }

    [Fact]
    public void A_source_whose_certificate_is_for_servers_or_expired_is_refused()
    {
        using var certificates = new Certificates();
        certificates.Issue("client", purposeOf: "server");
        AssertTurnedAway(Fails(Load(certificates, true), Load(certificates, false), ""), "certificate is refused");
        certificates.Issue("client", expired: true);
        AssertTurnedAway(Fails(Load(certificates, true), Load(certificates, false), ""), "certificate is refused");
    }

    [Fact]
    public void A_destination_of_another_name_is_refused_unless_the_name_is_given()
    {
        using var certificates = new Certificates();
        certificates.Issue("server", host: "other.example");
        Fails(Load(certificates, true), Load(certificates, false), "another host name").Dispose();
        using var world = new SocketWorld(new MigrationOptions());
        world.Listen("tcp:127.0.0.1:0", Load(certificates, true));
        world.Start(tls: MigrationTls.Load(certificates.Folder, isDestination: false, "other.example"));
        world.AwaitCompletion();
    }

    [Fact]
    public void A_source_without_a_certificate_cannot_even_begin()
    {
        using var certificates = new Certificates();
        File.Delete(Path.Combine(certificates.Folder, "client-key.pem"));
        Assert.Contains("client-key.pem is missing", Assert.Throws<TransportException>(() => Load(certificates, false)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(certificates.Folder, "ca-cert.pem"), "nothing");
        Assert.Contains("ca-cert.pem cannot be used", Assert.Throws<TransportException>(() => Load(certificates, true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tls_client_that_shows_no_certificate_is_refused()
    {
        using var certificates = new Certificates();
        using var world = new SocketWorld(new MigrationOptions());
        world.Listen("tcp:127.0.0.1:0", Load(certificates, true));
        using var client = new System.Net.Sockets.TcpClient("127.0.0.1", world.Incoming!.Address.Port);
        using var stream = new System.Net.Security.SslStream(client.GetStream(), false, (_, _, _, _) => true);
        try
        {
            stream.AuthenticateAsClient("localhost");
            Assert.Equal(-1, stream.ReadByte());
        }
        catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
        {
            // In TLS 1.3 the client hears of it with what it reads first.
        }
        AssertTurnedAway(world, "it has none");
    }

    [Fact]
    public void A_plain_source_at_a_tls_destination_fails()
    {
        using var certificates = new Certificates();
        using SocketWorld world = Fails(Load(certificates, true), null, "");
        AssertTurnedAway(world, "TLS");
    }

    [Fact]
    public void A_tls_source_at_a_plain_destination_fails()
    {
        using var certificates = new Certificates();
        Fails(null, Load(certificates, false), "does not speak TLS").Dispose();
    }

    private static MigrationTls Load(Certificates certificates, bool isDestination) => MigrationTls.Load(certificates.Folder, isDestination);

    private static SocketWorld Fails(MigrationTls? server, MigrationTls? client, string text)
    {
        var world = new SocketWorld(new MigrationOptions());
        world.Listen("tcp:127.0.0.1:0", server, SocketWorld.Short);
        world.Start(tls: client, timeouts: SocketWorld.Short);
        world.AwaitFailure(text);
        return world;
    }

    private static void AssertTurnedAway(SocketWorld world, string text)
    {
        using (world)
        {
            world.Await(() => world.Destination.Status().Error is not null);
            Assert.Contains(text, world.Destination.Status().Error, StringComparison.Ordinal);
            Assert.Equal(DestinationState.Listening, world.Destination.State);
        }
    }
}
