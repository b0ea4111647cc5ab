using Meanwhile.Cli.Bench.Guests;
using Meanwhile.Cli.Guest;

namespace Meanwhile.Cli.Tests.Bench.Guests;

public sealed class Qemu_Tests
{
    [Theory]
    [InlineData("QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2+deb13u1~bpo12+1)\nCopyright (c) 2003", "QEMU 10.0.2 (Debian 1:10.0.2+ds-2+deb13u1~bpo12+1)", 10)]
    [InlineData("QEMU emulator version 9.2.50\n", "QEMU 9.2.50", 9)]
    public void A_version_is_read(string output, string version, int major)
    {
        Assert.Equal(version, Qemu.ParseVersion(output));
        Assert.Equal(major, new Qemu(["qemu"], version).Major);
    }

    [Theory]
    [InlineData("")]
    [InlineData("true (GNU coreutils) 9.1")]
    [InlineData("QEMU emulator version unknown")]
    public void What_is_no_QEMU_has_none(string output) => Assert.Null(Qemu.ParseVersion(output));

    [Theory]
    [InlineData("lib/ld-linux-aarch64.so.1", "usr/lib/ld-linux-aarch64.so.1")]
    [InlineData("usr/lib/ld-linux-aarch64.so.1", "usr/lib/ld-linux-aarch64.so.1")]
    [InlineData("bin/tar", "usr/bin/tar")]
    [InlineData("etc/ssl/openssl.cnf", "etc/ssl/openssl.cnf")]
    [InlineData("usr/lib/gcc/aarch64-linux-gnu/12/libgcc.a", "usr/lib/gcc/aarch64-linux-gnu/12/libgcc.a")]
    [InlineData("usr/lib/gcc/aarch64-linux-gnu/12/cc1", "usr/lib/gcc/aarch64-linux-gnu/12/cc1")]
    [InlineData("usr/lib/aarch64-linux-gnu/libc.a", null)]
    [InlineData("usr/lib/gcc/aarch64-linux-gnu/12/lto1", null)]
    [InlineData("usr/share/doc/gcc", null)]
    [InlineData("lib/aarch64-linux-gnu/libasan.so.8", null)]
    [InlineData("lib", null)]
    public void A_Debian_root_is_merged_and_lean(string path, string? place) => Assert.Equal(place, DebianRoot.Place(path));
}
