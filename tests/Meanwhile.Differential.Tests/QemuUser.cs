using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Meanwhile.Differential.Tests;

/// <summary>The other implementation: qemu-aarch64 running Runner/runner.c.</summary>
internal sealed class QemuUser : IDisposable
{
    /// <summary>Everything this core has, and more: FEAT_FP16, FEAT_RDM, FEAT_DotProd, FEAT_LRCPC, FEAT_DPB, FEAT_RAS.</summary>
    public const string CortexA76 = "cortex-a76";

    /// <summary>ARMv8.0 with CRC32, AES, PMULL, SHA1 and SHA2: nothing this core lacks.</summary>
    public const string CortexA57 = "cortex-a57";

    private static readonly Lazy<string> Runner = new(BuildRunner);

    private readonly Process process;

    public QemuUser(string cpu)
    {
        string qemu = Environment.GetEnvironmentVariable("MEANWHILE_DIFFERENTIAL_QEMU") ?? "qemu-aarch64";
        process = Start(qemu, "qemu-user", ["-cpu", cpu, Runner.Value], redirectInput: true);
    }

    /// <summary>Executes the records; one result each.</summary>
    public void Execute(ReadOnlySpan<Record> records, Span<Result> results)
    {
        Stream input = process.StandardInput.BaseStream, output = process.StandardOutput.BaseStream;
        int count = records.Length;
        try
        {
            input.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in count)));
            input.Write(MemoryMarshal.AsBytes(records));
            input.Flush();
            output.ReadExactly(MemoryMarshal.AsBytes(results[..count]));
        }
        catch (IOException e)
        {
            throw new InvalidOperationException("The runner under qemu-aarch64 died: an instruction did something that it cannot contain.", e);
        }
    }

    /// <summary>Disassembles words that are not in a program, one line each.</summary>
    public static string[] Disassemble(ReadOnlySpan<uint> words)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, MemoryMarshal.AsBytes(words));
            using Process objdump = Start("aarch64-linux-gnu-objdump", "binutils-aarch64-linux-gnu", ["-D", "-b", "binary", "-m", "aarch64", "-z", file]);
            string text = objdump.StandardOutput.ReadToEnd();
            objdump.WaitForExit();
            // "   0:\t8b020020 \tadd\tx0, x1, x2"
            return [.. text.Split('\n').Where(line => line.Contains(":\t")).Select(line => string.Join(' ', line.Split('\t')[2..]))];
        }
        finally
        {
            File.Delete(file);
        }
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private static string BuildRunner()
    {
        string source = Path.Combine(AppContext.BaseDirectory, "Runner");
        string runner = Path.Combine(AppContext.BaseDirectory, $"runner-{Environment.ProcessId}");
        string[] arguments =
        [
            "-O2", "-Wall", "-Werror", "-ffreestanding", "-nostdlib", "-static", "-mgeneral-regs-only", "-fno-stack-protector",
            "-fno-tree-loop-distribute-patterns", "-o", runner, Path.Combine(source, "runner.c"), Path.Combine(source, "entry.S"),
        ];
        using Process gcc = Start("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu", arguments);
        string messages = gcc.StandardError.ReadToEnd();
        gcc.WaitForExit();
        if (gcc.ExitCode != 0)
            throw new InvalidOperationException($"aarch64-linux-gnu-gcc cannot compile the runner:\n{messages}");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(runner);
        return runner;
    }

    private static Process Start(string program, string package, IEnumerable<string> arguments, bool redirectInput = false)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = redirectInput,
            RedirectStandardOutput = true,
            RedirectStandardError = !redirectInput,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException(
                $"The differential tests need {program}: apt-get install {package} (all of them: apt-get install qemu-user gcc-aarch64-linux-gnu).", e);
        }
    }
}
