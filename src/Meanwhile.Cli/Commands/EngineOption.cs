using System.CommandLine;
using Meanwhile.Arm64;

namespace Meanwhile.Cli.Commands;

/// <summary><c>--engine</c>: how vCPUs execute instructions.</summary>
internal static class EngineOption
{
    private const string Interpreter = "interpreter", Translator = "translator";

    /// <summary>The option, with the host's default.</summary>
    public static Option<string> Create()
    {
        var option = new Option<string>("--engine")
        {
            Description = "how vCPUs execute instructions: both give the same results; the translator, on x86-64 hosts, is much faster",
            DefaultValueFactory = _ => Name(Core.DefaultEngine),
        };
        option.AcceptOneOf(Interpreter, Translator);
        return option;
    }

    /// <summary>The value's meaning.</summary>
    public static ExecutionEngine Parse(string? value) => value == Translator ? ExecutionEngine.Translator : ExecutionEngine.Interpreter;

    private static string Name(ExecutionEngine engine) => engine == ExecutionEngine.Translator ? Translator : Interpreter;
}
