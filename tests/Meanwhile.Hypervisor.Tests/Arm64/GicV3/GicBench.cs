using Meanwhile.Arm64;
using Meanwhile.Arm64.SystemRegisters;
using Meanwhile.Hypervisor.Arm64.GicV3;

namespace Meanwhile.Hypervisor.Tests.Arm64.GicV3;

/// <summary>A GIC with 64 SPIs as a guest's driver leaves it (all interrupts Group 1, priority 0xA0, edge or level as tests say), and its outputs.</summary>
internal sealed class GicBench
{
    internal const int Spurious = 1023;
    internal static readonly uint Pmr = Icc(4, 6, 0);
    internal static readonly uint Iar0 = Icc(12, 8, 0);
    internal static readonly uint Eoir0 = Icc(12, 8, 1);
    internal static readonly uint Hppir0 = Icc(12, 8, 2);
    internal static readonly uint Bpr0 = Icc(12, 8, 3);
    internal static readonly uint Ap0R0 = Icc(12, 8, 4);
    internal static readonly uint Ap1R0 = Icc(12, 9, 0);
    internal static readonly uint Dir = Icc(12, 11, 1);
    internal static readonly uint Rpr = Icc(12, 11, 3);
    internal static readonly uint Sgi1R = Icc(12, 11, 5);
    internal static readonly uint Asgi1R = Icc(12, 11, 6);
    internal static readonly uint Sgi0R = Icc(12, 11, 7);
    internal static readonly uint Iar1 = Icc(12, 12, 0);
    internal static readonly uint Eoir1 = Icc(12, 12, 1);
    internal static readonly uint Hppir1 = Icc(12, 12, 2);
    internal static readonly uint Bpr1 = Icc(12, 12, 3);
    internal static readonly uint Ctlr = Icc(12, 12, 4);
    internal static readonly uint Sre = Icc(12, 12, 5);
    internal static readonly uint Igrpen0 = Icc(12, 12, 6);
    internal static readonly uint Igrpen1 = Icc(12, 12, 7);

    private readonly InterruptLine[] lines;

    internal GicBench(int vcpus = 1, bool started = true)
    {
        Gic = new Gic(vcpus, 64);
        lines = new InterruptLine[vcpus];
        for (int index = 0; index < vcpus; index++)
        {
            int cpu = index;
            Gic.CpuInterface(cpu).Connect((line, asserted) => lines[cpu] = asserted ? lines[cpu] | line : lines[cpu] & ~line);
        }

        if (!started)
            return;
        WriteD(0, 3);
        for (uint word = 1; word < 3; word++)
            WriteD(0x80 + (4 * word), 0xFFFF_FFFF);
        for (uint offset = 0x420; offset < 0x460; offset += 4)
            WriteD(offset, 0xA0A0_A0A0);
        for (int cpu = 0; cpu < vcpus; cpu++)
        {
            WriteR(cpu, 0x14, 0);
            WriteR(cpu, 0x1_0080, 0xFFFF_FFFF);
            for (uint offset = 0x1_0400; offset < 0x1_0420; offset += 4)
                WriteR(cpu, offset, 0xA0A0_A0A0);
            Write(Pmr, 0xF0, cpu);
            Write(Igrpen0, 1, cpu);
            Write(Igrpen1, 1, cpu);
        }
    }

    internal Gic Gic { get; }

    internal bool Irq(int cpu = 0) => (lines[cpu] & InterruptLine.Irq) != 0;

    internal bool Fiq(int cpu = 0) => (lines[cpu] & InterruptLine.Fiq) != 0;

    internal uint ReadD(uint offset) => (uint)Gic.Distributor.Read(offset, 4);

    internal void WriteD(uint offset, uint value) => Gic.Distributor.Write(offset, 4, value);

    internal uint ReadR(int cpu, uint offset) => (uint)Gic.Redistributors.Read(((ulong)cpu * 0x2_0000) + offset, 4);

    internal void WriteR(int cpu, uint offset, uint value) => Gic.Redistributors.Write(((ulong)cpu * 0x2_0000) + offset, 4, value);

    internal ulong Read(uint register, int cpu = 0)
    {
        Assert.True(Gic.CpuInterface(cpu).TryRead(register, out ulong value));
        return value;
    }

    internal void Write(uint register, ulong value, int cpu = 0) => Assert.True(Gic.CpuInterface(cpu).TryWrite(register, value));

    internal int Acknowledge(int cpu = 0) => (int)Read(Iar1, cpu);

    internal void EndOfInterrupt(int intid, int cpu = 0) => Write(Eoir1, (ulong)intid, cpu);

    /// <summary>Enables an interrupt: SPIs in the distributor, others in each redistributor.</summary>
    internal void Enable(int intid)
    {
        if (intid >= 32)
            WriteD(0x100 + (4 * (uint)(intid / 32)), 1u << (intid % 32));
        for (int cpu = 0; intid < 32 && cpu < Gic.Cpus.Count; cpu++)
            WriteR(cpu, 0x1_0100, 1u << intid);
    }

    internal void SetPriority(int intid, byte priority)
    {
        if (intid >= 32)
            Gic.Distributor.Write(0x400 + (ulong)intid, 1, priority);
        for (int cpu = 0; intid < 32 && cpu < Gic.Cpus.Count; cpu++)
            Gic.Redistributors.Write(((ulong)cpu * 0x2_0000) + 0x1_0400 + (ulong)intid, 1, priority);
    }

    internal void MakeGroup0(int intid)
    {
        if (intid >= 32)
            WriteD(0x80 + (4 * (uint)(intid / 32)), ~(1u << (intid % 32)));
        for (int cpu = 0; intid < 32 && cpu < Gic.Cpus.Count; cpu++)
            WriteR(cpu, 0x1_0080, ~(1u << intid));
    }

    internal void MakeEdge(int intid) => WriteD(0xC00 + (4 * (uint)(intid / 16)), 2u << (2 * (intid % 16)));

    /// <summary>Makes an interrupt pending by register, as software does (GICD_ISPENDR, GICR_ISPENDR0 of PE 0).</summary>
    internal void SetPending(int intid)
    {
        if (intid >= 32)
            WriteD(0x200 + (4 * (uint)(intid / 32)), 1u << (intid % 32));
        else
            WriteR(0, 0x1_0200, 1u << intid);
    }

    internal static uint Icc(uint crn, uint crm, uint op2) => SystemRegister.Key(3, 0, crn, crm, op2);
}
