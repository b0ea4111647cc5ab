using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Meanwhile.Migration.Tests.Fakes;

/// <summary>A certificate authority, and the files of both sides in a folder, named as QEMU names them.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 authority;

    public Certificates()
    {
        Folder = Directory.CreateTempSubdirectory("meanwhile-tls").FullName;
        var request = new CertificateRequest($"CN=test authority {Guid.NewGuid()}", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Combine(Folder, "ca-cert.pem"), authority.ExportCertificatePem());
        Issue("server");
        Issue("client");
    }

    public string Folder { get; }

    /// <summary>Writes ROLE-cert.pem and ROLE-key.pem.</summary>
    public void Issue(string role, string? purposeOf = null, string host = "localhost", bool expired = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={role}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        string purpose = (purposeOf ?? role) == "server" ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2";
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        if (host == "localhost")
            names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset end = expired ? DateTimeOffset.UtcNow.AddHours(-1) : DateTimeOffset.UtcNow.AddHours(12);
        using X509Certificate2 certificate = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-12), end, Guid.NewGuid().ToByteArray());
        File.WriteAllText(Path.Combine(Folder, $"{role}-cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(Folder, $"{role}-key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        authority.Dispose();
        authorityKey.Dispose();
    }
}
