using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Meanwhile.Arm64.Tests.Qemu;

/// <summary>qemu-aarch64, another implementation of the architecture, as a source of expected values.</summary>
public static class QemuUser
{
    private static readonly string? Executable = Environment.GetEnvironmentVariable("PATH")?.Split(':')
        .Select(directory => Path.Combine(directory, "qemu-aarch64"))
        .FirstOrDefault(File.Exists);

    /// <summary>Executes each word with its registers and returns the registers after it. Skips the test where there is no qemu-aarch64.</summary>
    public static RegisterFile[] Execute(uint[] words, RegisterFile[] before)
    {
        Assert.SkipWhen(Executable is null, "qemu-aarch64 is not installed");
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, new GuestProgram(words, before).ToElf());
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            using Process qemu = Process.Start(new ProcessStartInfo(Executable!, ["-cpu", "max", file]) { RedirectStandardOutput = true })!;
            var output = new MemoryStream();
            qemu.StandardOutput.BaseStream.CopyTo(output);
            qemu.WaitForExit();
            Assert.Equal(0, qemu.ExitCode);
            Assert.Equal(before.Length * RegisterFile.Stride, output.Length);
            return MemoryMarshal.Cast<byte, RegisterFile>(output.GetBuffer().AsSpan(0, (int)output.Length)).ToArray();
        }
        finally
        {
            File.Delete(file);
        }
    }
}
