using Meanwhile.Hypervisor.Devices;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor.Arm64.GicV3;

/// <summary>
/// A GICv3 interrupt controller (IHI0069) with affinity routing, a single security state, no LPIs and no legacy operation. One lock
/// covers all of it: interrupts are rare beside instructions.
/// </summary>
public sealed class Gic : IStateSection
{
    /// <summary>Most vCPUs: what the redistributors' address range of QEMU's virt board has room for.</summary>
    public const int MaximumVcpus = 123;

    /// <summary>Size of the distributor's registers, in bytes.</summary>
    public const ulong DistributorSize = 0x1_0000;

    /// <summary>Size of one redistributor's registers, in bytes: RD_base and SGI_base.</summary>
    public const ulong RedistributorSize = 0x2_0000;

    /// <summary>Implementer Arm, in GICD_IIDR and GICR_IIDR.</summary>
    internal const uint ImplementerId = 0x43B;

    private const int FirstSpi = 32;
    private readonly GicCpuInterface[] cpus;
    private readonly Distributor distributor;

    internal Gic(int vcpuCount, int spiCount)
    {
        if (spiCount is < 32 or > 960 || spiCount % 32 != 0)
            throw new ArgumentException($"The number of SPIs must be a multiple of 32 in 32..960, not {spiCount}.", nameof(spiCount));
        SpiCount = spiCount;
        distributor = new Distributor(this, spiCount);
        cpus = new GicCpuInterface[vcpuCount];
        for (int index = 0; index < vcpuCount; index++)
            cpus[index] = new GicCpuInterface(this, index);
        Redistributors = new RedistributorRegion(this);
    }

    /// <summary>Number of SPIs.</summary>
    public int SpiCount { get; }

    /// <summary>The distributor's registers.</summary>
    public IMmioDevice Distributor => distributor;

    /// <summary>The redistributors' registers, one after another.</summary>
    public IMmioDevice Redistributors { get; }

    internal Lock Gate { get; } = new();

    internal Distributor Spis => distributor;

    internal IReadOnlyList<GicCpuInterface> Cpus => cpus;

    /// <summary>The line of shared peripheral interrupt <paramref name="number"/>, numbered from 0 as in a device tree (INTID 32 + n).</summary>
    public IInterruptLine Spi(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, SpiCount);
        return new SpiLine(this, FirstSpi + number);
    }

    /// <summary>The line of a private peripheral interrupt, by INTID (16..31).</summary>
    public IInterruptLine Ppi(int vcpu, int intid)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(intid, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(intid, 31);
        return new PpiLine(cpus[vcpu], intid);
    }

    /// <inheritdoc/>
    public string SectionName => "gic";

    /// <inheritdoc/>
    public int SectionVersion => 1;

    /// <inheritdoc/>
    public string Configuration => $"GICv3 with {cpus.Length} redistributors and {SpiCount} SPIs";

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        lock (Gate)
        {
            writer.WriteUInt32((uint)SpiCount);
            writer.WriteUInt32((uint)cpus.Length);
            distributor.Save(writer);
            foreach (GicCpuInterface cpu in cpus)
                cpu.Save(writer);
        }
    }

    /// <inheritdoc/>
    public void Restore(StateReader reader, int version)
    {
        ArgumentNullException.ThrowIfNull(reader);
        lock (Gate)
        {
            reader.RequireUInt32((uint)SpiCount, "the number of SPIs");
            reader.RequireUInt32((uint)cpus.Length, "the number of redistributors");
            distributor.Restore(reader);
            foreach (GicCpuInterface cpu in cpus)
                cpu.Restore(reader);
            UpdateAll();
        }
    }

    internal GicCpuInterface CpuInterface(int vcpu) => cpus[vcpu];

    internal void Reset()
    {
        lock (Gate)
        {
            distributor.Reset();
            foreach (GicCpuInterface cpu in cpus)
                cpu.Reset();
            UpdateAll();
        }
    }

    /// <summary>The PE was switched off: the CPU interface loses its state, the redistributor keeps what it has.</summary>
    internal void ResetCpuInterface(int vcpu)
    {
        lock (Gate)
        {
            cpus[vcpu].ResetInterface();
            UpdateAll();
        }
    }

    /// <summary>Decides again what each PE is signalled. With the lock held.</summary>
    internal void UpdateAll()
    {
        foreach (GicCpuInterface cpu in cpus)
            cpu.Update();
    }

    /// <summary>
    /// The PE that an SPI goes to. For 1 of N (GICD_IROUTER.Interrupt_Routing_Mode): the first one that is awake and takes its group.
    /// </summary>
    internal bool IsTarget(int intid, GicCpuInterface cpu)
    {
        ulong route = distributor.Route(intid);
        if ((route & GicV3.Distributor.AnyPe) == 0)
            return (route & Affinity.Mask) == cpu.AffinityValue;
        bool group1 = distributor.Bank.IsGroup1(intid);
        foreach (GicCpuInterface other in cpus)
        {
            if (other.Participates(group1))
                return other == cpu;
        }

        return false;
    }

    private sealed class SpiLine(Gic gic, int intid) : IInterruptLine
    {
        public void SetLevel(bool asserted)
        {
            lock (gic.Gate)
            {
                if (gic.distributor.Bank.SetLine(intid, asserted))
                    gic.UpdateAll();
            }
        }
    }

    private sealed class PpiLine(GicCpuInterface cpu, int intid) : IInterruptLine
    {
        public void SetLevel(bool asserted)
        {
            lock (cpu.Gic.Gate)
            {
                if (cpu.Bank.SetLine(intid, asserted))
                    cpu.Update();
            }
        }
    }
}
