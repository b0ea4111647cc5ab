using Meanwhile.Cli.Bench.Guests;

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
}
