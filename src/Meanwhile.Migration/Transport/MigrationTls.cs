using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Meanwhile.Migration.Transport;

/// <summary>
/// TLS 1.3 with certificates on both sides, from a folder with QEMU's file names: ca-cert.pem, and server-cert.pem and server-key.pem for the
/// destination or client-cert.pem and client-key.pem for the source. Only what that CA has signed is trusted, for its purpose.
/// </summary>
public sealed class MigrationTls : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 authority;
    private readonly X509Certificate2 own;
    private readonly bool isDestination;
    private readonly string? hostName;
    private readonly string authorityPath;
    private readonly string ownPath;

    private MigrationTls(
        string authorityPath, X509Certificate2 authority, string ownPath, X509Certificate2 own, bool isDestination, string? hostName)
    {
        this.authorityPath = authorityPath;
        this.ownPath = ownPath;
        this.authority = authority;
        this.own = own;
        this.isDestination = isDestination;
        this.hostName = hostName;
    }

    /// <summary>Reads the files.</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="isDestination">Which side this is.</param>
    /// <param name="hostName">For a source: the name that the destination's certificate must have, in place of the address's host (tls-hostname).</param>
    /// <exception cref="TransportException">Names the file and what is wrong with it.</exception>
    public static MigrationTls Load(string folder, bool isDestination, string? hostName = null)
    {
        string role = isDestination ? "server" : "client";
        string authorityPath = Path.Combine(folder, "ca-cert.pem");
        X509Certificate2 authority = Read(authorityPath, X509CertificateLoader.LoadCertificateFromFile);
        string key = Path.Combine(folder, $"{role}-key.pem");
        if (!File.Exists(key))
            throw new TransportException($"{key} is missing: TLS needs the certificate of the {role} and its key.");
        string ownPath = Path.Combine(folder, $"{role}-cert.pem");
        X509Certificate2 own = Read(ownPath, path => X509Certificate2.CreateFromPemFile(path, key));
        return new MigrationTls(authorityPath, authority, ownPath, own, isDestination, hostName);
    }

    /// <summary>Forgets the keys.</summary>
    public void Dispose()
    {
        authority.Dispose();
        own.Dispose();
    }

    /// <summary>The stream, once both sides have shown their certificates. Blocks; the stream's timeouts hold.</summary>
    /// <exception cref="TransportException">The peer's certificate is no good, or it does not speak TLS 1.3.</exception>
    internal SslStream Authenticate(Stream inner, string? host)
    {
        string? rejection = null;
        var stream = new SslStream(inner);
        try
        {
            if (isDestination)
                stream.AuthenticateAsServer(ServerOptions(reason => rejection = reason));
            else
                stream.AuthenticateAsClient(ClientOptions(hostName ?? host ?? "localhost", reason => rejection = reason));
            return stream;
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or CryptographicException)
        {
            stream.Dispose();
            throw new TransportException(
                rejection is not null
                    ? $"The peer's certificate is refused: {rejection}."
                    : $"The peer does not speak TLS 1.3, or refused this side's certificate ({ownPath}): {exception.Message}");
        }
    }

    private SslServerAuthenticationOptions ServerOptions(Action<string> rejected) => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        ServerCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true),
        ClientCertificateRequired = true,
        CertificateChainPolicy = Policy(ClientAuthentication),
        RemoteCertificateValidationCallback = (_, _, chain, errors) => IsGood(chain, errors, rejected),
        AllowTlsResume = false,
    };

    private SslClientAuthenticationOptions ClientOptions(string host, Action<string> rejected) => new()
    {
        TargetHost = host,
        EnabledSslProtocols = SslProtocols.Tls13,
        ClientCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true),
        CertificateChainPolicy = Policy(ServerAuthentication),
        RemoteCertificateValidationCallback = (_, _, chain, errors) => IsGood(chain, errors, rejected),
        AllowTlsResume = false,
    };

    private X509ChainPolicy Policy(string purpose)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority);
        policy.ApplicationPolicy.Add(new Oid(purpose));
        policy.DisableCertificateDownloads = true;
        return policy;
    }

    /// <summary>What to say of a peer that goes away during the greeting, as one does that refuses a certificate (RFC 8446, 4.4.2.4).</summary>
    internal string Suspicion => $"did it refuse this side's certificate ({ownPath})?";

    private bool IsGood(X509Chain? chain, SslPolicyErrors errors, Action<string> rejected)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        if ((errors & SslPolicyErrors.RemoteCertificateNotAvailable) != 0)
            rejected("it has none");
        else if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
            rejected("it is for another host name (see tls-hostname)");
        else
        {
            string reason = string.Join(", ", chain?.ChainStatus.Select(status => status.StatusInformation.Trim().TrimEnd('.')) ?? []);
            rejected($"by the CA in {authorityPath}: {(reason.Length == 0 ? "it is not signed by it" : reason)}");
        }
        return false;
    }

    private static X509Certificate2 Read(string path, Func<string, X509Certificate2> read)
    {
        if (!File.Exists(path))
            throw new TransportException($"{path} is missing: TLS needs the CA's certificate and this side's.");
        try
        {
            return read(path);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new TransportException($"{path} cannot be used: {exception.Message}");
        }
    }
}
