using Meanwhile.Cli.Guest;

namespace Meanwhile.Cli.Tests.Bench.Guests;

public sealed class DebianRoot_Tests
{
    [Theory]
    [InlineData("lib/ld-linux-aarch64.so.1", "usr/lib/ld-linux-aarch64.so.1")]
    [InlineData("usr/lib/ld-linux-aarch64.so.1", "usr/lib/ld-linux-aarch64.so.1")]
    [InlineData("lib64/ld-linux-x86-64.so.2", "usr/lib64/ld-linux-x86-64.so.2")]
    [InlineData("bin/tar", "usr/bin/tar")]
    [InlineData("etc/ssl/openssl.cnf", "etc/ssl/openssl.cnf")]
    [InlineData("usr/lib/gcc/aarch64-linux-gnu/12/libgcc.a", "usr/lib/gcc/aarch64-linux-gnu/12/libgcc.a")]
    [InlineData("usr/lib/gcc/aarch64-linux-gnu/12/cc1", "usr/lib/gcc/aarch64-linux-gnu/12/cc1")]
    [InlineData("usr/lib/aarch64-linux-gnu/libc.a", null)]
    [InlineData("usr/lib/gcc/aarch64-linux-gnu/12/lto1", null)]
    [InlineData("usr/share/doc/gcc", null)]
    [InlineData("lib/aarch64-linux-gnu/libasan.so.8", null)]
    [InlineData("lib", null)]
    public void What_moved_below_usr_goes_there_and_what_no_benchmark_reads_is_left_out(string path, string? place) => Assert.Equal(place, DebianRoot.Place(path));

    [Fact]
    public void Links_are_packed_and_not_followed()
    {
        using var elsewhere = new TemporaryFolder();
        using var root = new TemporaryFolder();
        elsewhere.Write("host-certificate", []);
        Directory.CreateDirectory(root.File("usr"));
        root.Write("usr/program", []);
        File.CreateSymbolicLink(root.File("usr/certs"), elsewhere.Path);

        Assert.Equal(
            ["usr", "usr/certs", "usr/program"],
            DebianRoot.Entries(root.Path).Select(entry => Path.GetRelativePath(root.Path, entry.FullName)).Order(StringComparer.Ordinal));
    }
}
