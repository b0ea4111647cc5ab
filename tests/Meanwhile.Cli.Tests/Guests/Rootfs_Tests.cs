namespace Meanwhile.Cli.Tests.Guests;

public class Rootfs_Tests
{
    [Fact]
    public void A_debian_12_root_file_system_made_by_debootstrap_boots_from_disk_to_a_login_prompt_and_runs_commands()
    {
        using CommandProcess make = CommandProcess.Start(Repository.MakeRootfs);
        int exit = make.WaitForExit(TimeSpan.FromMinutes(20));
        Assert.SkipWhen(exit == 3, "No root file system: " + make.Errors.TrimEnd());
        Assert.True(exit == 0, make.Errors);
        string disk = Path.Combine(Path.GetTempPath(), $"meanwhile-rootfs-{Guid.NewGuid():N}.ext4");
        try
        {
            File.Copy(make.Output.TrimEnd(), disk);
            using CommandProcess guest = CommandProcess.Meanwhile("run", "--clock", "virtual", "--disk", disk, "--append", "root=/dev/vda rw");

            guest.WaitFor("Debian GNU/Linux 12 debian ttyAMA0");
            guest.WaitFor("login: ");
            guest.Type("root\n");
            guest.WaitFor("root@debian:~# ");
            // The echo of what is typed does not contain what is waited for.
            guest.Type("findmnt -no SOURCE,FSTYPE / ; echo system is $(systemctl is-system-running --wait)\n");
            guest.WaitFor("/dev/vda ext4");
            guest.WaitFor("system is running");
            guest.Type("dd if=/dev/urandom of=/root/data bs=64k count=64 status=none && sync && echo written $((6*7)) times\n");
            guest.WaitFor("written 42 times");
            guest.Type("poweroff\n");
            guest.WaitFor("Power down");

            Assert.Equal(0, guest.WaitForExit());
        }
        finally
        {
            File.Delete(disk);
        }
    }
}
