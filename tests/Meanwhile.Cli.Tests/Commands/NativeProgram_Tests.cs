using System.Text.Json;
using Meanwhile.Cli.Tests.Guests;

namespace Meanwhile.Cli.Tests.Commands;

/// <summary>The program that users start: compiled ahead of time by ./meanwhile (a minute; nothing when ./test has done it).</summary>
public sealed class NativeProgram_Tests : IDisposable
{
    private static readonly TimeSpan BuildPatience = TimeSpan.FromMinutes(20);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void It_runs_a_guest_saves_it_and_restores_it_lazily()
    {
        Build();
        string socket = folder.File("qmp"), snapshot = folder.File("snapshot");
        using CommandProcess guest = Native("run", "--memory", "16M", "--kernel", folder.Write("echo", FlatPrograms.Echo), "--qmp", socket);
        guest.WaitFor("R");
        Assert.Equal(0, End(Native("snapshot", "save", socket, snapshot)));
        guest.Type("a");
        guest.WaitFor("a");
        using CommandProcess restored = Native("snapshot", "restore", snapshot, "--lazy");
        restored.Type("b");
        restored.WaitFor("b");
        Assert.Equal("b", restored.Output);
        Assert.Equal(0, End(Native("monitor", socket, "quit")));
        Assert.Equal(0, guest.WaitForExit());
    }

    // Where the framework says what a program was compiled for instead of what the host has, most vector instructions are left to handlers.
    [Fact]
    public void It_translates_a_guest_as_the_program_does_that_is_compiled_at_run_time()
    {
        Build();
        string[] options = ["run", "--memory", "96M", "--clock", "virtual", "--append", "quiet -- testsuite mem --percent 10 --passes 1", "--count", "--stats"];
        string here = folder.File("here.json"), native = folder.File("native.json");
        Assert.Equal(0, End(CommandProcess.Meanwhile([.. options, here])));
        Assert.Equal(0, End(Native([.. options, native])));
        Assert.Equal(Counters(here), Counters(native));

        static (long, long, long) Counters(string file)
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllText(file));
            JsonElement engine = json.RootElement.GetProperty("vcpus")[0].GetProperty("engine");
            return (Value("instructionsExecuted"), Value("instructionsByHandlers"), Value("instructionsTranslated"));

            long Value(string name) => engine.GetProperty(name).GetInt64();
        }
    }

    private static void Build()
    {
        using CommandProcess build = Native("--help");
        int code = build.WaitForExit(BuildPatience);
        // No linker, or no package and no way to it; anything else is a mistake.
        Assert.SkipWhen(code == 2 && (build.Errors.Contains("apt-get install", StringComparison.Ordinal) || build.Errors.Contains("NU1", StringComparison.Ordinal)), build.Errors);
        Assert.True(code == 0, build.Errors);
    }

    private static CommandProcess Native(params string[] arguments) =>
        CommandProcess.Start("env", ["MEANWHILE_BUILD=native", Path.Combine(Repository.Root, "meanwhile"), .. arguments]);

    private static int End(CommandProcess process)
    {
        using (process)
            return process.WaitForExit();
    }
}
