using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Engines;

namespace Meanwhile.Guest.Tests.Machines;

/// <summary>The engines that every guest program runs on, by name.</summary>
internal static class GuestEngines
{
    public const string Interpreter = "interpreter";

    public static IReadOnlyList<string> Names { get; } = [Interpreter];

    public static VcpuEngineFactory Factory(string name) => name switch
    {
        Interpreter => static (memory, registers, mpidr) => new SoftwareEngine(memory, registers, mpidr),
        _ => throw new ArgumentException($"No engine is called '{name}'.", nameof(name)),
    };
}
