using System.Text;
using Meanwhile.Cli.Host;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Engines;

namespace Meanwhile.Cli.Machines;

/// <summary>
/// Writes each memory fault and what was done about it as a line of JSON (<c>meanwhile run --trace</c>): time in nanoseconds of the machine's clock, vCPU,
/// page, guest program counter, exception level, kind of access, and whether the guest was told or the vCPU waited.
/// </summary>
internal sealed class FaultTrace : IMemoryFaultHandler, IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly MachineSession session;
    private readonly IMemoryFaultHandler? next;
    private readonly StreamWriter writer;
    private readonly Lock gate = new();

    private FaultTrace(MachineSession session, StreamWriter writer)
    {
        this.session = session;
        this.writer = writer;
        next = session.Machine.Hypervisor.FaultHandler;
    }

    /// <summary>Starts to trace a machine that does not run yet.</summary>
    /// <exception cref="UserError">The file cannot be written.</exception>
    public static FaultTrace Attach(MachineSession session, string path)
    {
        try
        {
            var trace = new FaultTrace(session, new StreamWriter(path, append: false, Encoding.ASCII, BufferSize));
            session.Machine.Hypervisor.FaultHandler = trace;
            return trace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"--trace: '{path}' cannot be written: {error.Message}");
        }
    }

    /// <inheritdoc/>
    public bool TryHandleAsynchronously(Vcpu vcpu, in VcpuExit exit, long pageIndex)
    {
        // Before the guest is told, which changes its registers.
        ulong pc = vcpu.Engine.GetRegister(VcpuRegister.Pc);
        ulong level = vcpu.Engine.GetRegister(VcpuRegister.Pstate) >> 2 & 3;
        bool told = next?.TryHandleAsynchronously(vcpu, exit, pageIndex) ?? false;
        lock (gate)
        {
            writer.Write($"{{\"time\":{session.Clock.Now},\"vcpu\":{vcpu.Index},\"page\":{pageIndex},\"address\":\"0x{exit.PhysicalAddress:x}\",\"pc\":\"0x{pc:x}\",");
            writer.Write($"\"el\":{level},\"access\":\"{exit.Access.ToString().ToLowerInvariant()}\",\"walk\":{(exit.DuringTableWalk ? "true" : "false")},");
            writer.Write($"\"action\":\"{(told ? "notified" : "waited")}\"}}\n");
        }
        return told;
    }

    /// <inheritdoc/>
    public bool TryRehearse(Vcpu vcpu) => next?.TryRehearse(vcpu) ?? false;

    /// <summary>Completes the file.</summary>
    public void Dispose()
    {
        lock (gate)
            writer.Dispose();
    }
}
