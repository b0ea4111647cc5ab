using Meanwhile.Arm64;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Engines;

namespace Meanwhile.Guest.Tests.Machines;

/// <summary>The engines that every guest program runs on, by name.</summary>
internal static class GuestEngines
{
    public const string Interpreter = "interpreter";

    public const string Translator = "translator";

    public static IReadOnlyList<string> Names { get; } = [Interpreter, Translator];

    public static VcpuEngineFactory Factory(string name) => name switch
    {
        Interpreter => static (memory, registers, mpidr) => new SoftwareEngine(memory, registers, mpidr),
        Translator => static (memory, registers, mpidr) => new SoftwareEngine(memory, registers, mpidr, ExecutionEngine.Translator),
        _ => throw new ArgumentException($"No engine is called '{name}'.", nameof(name)),
    };
}
