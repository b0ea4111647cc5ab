namespace Meanwhile.Hypervisor.Arm64.GicV3;

/// <summary>GICR_* (IHI0069 12.10, 12.11): for each PE a frame of control registers and one of SGI and PPI registers. No LPIs.</summary>
internal sealed class RedistributorRegion(Gic gic) : RegisterFrame(gic.Gate)
{
    private const uint FrameSize = 0x1_0000;
    private const uint ProcessorSleep = 2;
    private const uint ChildrenAsleep = 4;

    protected override uint ReadWord(uint offset)
    {
        if (!TryFind(offset, out GicCpuInterface cpu, out uint at))
            return 0;
        if (at >= FrameSize)
            return cpu.Bank.Read(at - FrameSize);
        return at switch
        {
            0x0004 => Gic.ImplementerId,
            // GICR_TYPER: processor number and "last one"; then the affinity.
            0x0008 => ((uint)cpu.Index << 8) | (cpu.Index == gic.Cpus.Count - 1 ? 1u << 4 : 0),
            0x000C => GicrAffinity(cpu.AffinityValue),
            0x0014 => cpu.Asleep ? ProcessorSleep | ChildrenAsleep : 0,
            >= 0xFFD0 => Identification(at),
            _ => 0,
        };
    }

    protected override void WriteWord(uint offset, uint value)
    {
        if (!TryFind(offset, out GicCpuInterface cpu, out uint at))
            return;
        if (at >= FrameSize)
        {
            cpu.Bank.Write(at - FrameSize, value);
            cpu.Update();
        }
        else if (at == 0x0014)
        {
            cpu.Asleep = (value & ProcessorSleep) != 0;
            // An SPI for any one PE may have found its PE, or lost it.
            gic.UpdateAll();
        }
    }

    protected override void WriteByte(uint offset, byte value)
    {
        if (TryFind(offset, out GicCpuInterface cpu, out uint at) && at >= FrameSize)
        {
            cpu.Bank.WritePriority(at - FrameSize, value);
            cpu.Update();
        }
    }

    /// <summary>GICR_TYPER.Affinity_Value holds Aff3 next to the others.</summary>
    private static uint GicrAffinity(ulong affinity) => (uint)(affinity & 0xFF_FFFF) | ((uint)(affinity >> 32) << 24);

    private bool TryFind(uint offset, out GicCpuInterface cpu, out uint at)
    {
        uint index = offset / (uint)Gic.RedistributorSize;
        at = offset % (uint)Gic.RedistributorSize;
        cpu = gic.Cpus[(int)Math.Min(index, (uint)gic.Cpus.Count - 1)];
        return index < gic.Cpus.Count;
    }
}
