using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor.Arm64.GicV3;

/// <summary>GICD_* (IHI0069 12.9): the SPIs. Affinity routing is always on, so the registers of INTIDs 0..31 read as zero here.</summary>
internal sealed class Distributor : RegisterFrame
{
    /// <summary>GICD_IROUTER.Interrupt_Routing_Mode.</summary>
    internal const ulong AnyPe = 1UL << 31;

    private const uint EnableGroup0 = 1;
    private const uint EnableGroup1 = 2;
    private const uint EnableAffinityRouting = 1 << 4;
    private const uint DisableSecurity = 1 << 6;
    private const int FirstSpi = 32;
    private readonly Gic gic;
    private readonly ulong[] routes;
    private uint control;

    internal Distributor(Gic gic, int spiCount)
        : base(gic.Gate)
    {
        this.gic = gic;
        Bank = new InterruptBank(FirstSpi, spiCount);
        routes = new ulong[spiCount];
    }

    internal InterruptBank Bank { get; }

    internal bool Group0Enabled => (control & EnableGroup0) != 0;

    internal bool Group1Enabled => (control & EnableGroup1) != 0;

    internal ulong Route(int intid) => routes[intid - FirstSpi];

    internal void Reset()
    {
        Bank.Reset();
        Array.Clear(routes);
        control = 0;
    }

    internal void Save(StateWriter writer)
    {
        writer.WriteUInt32(control);
        Bank.Save(writer);
        foreach (ulong route in routes)
            writer.WriteUInt64(route);
    }

    internal void Restore(StateReader reader)
    {
        control = reader.ReadUInt32() & (EnableGroup0 | EnableGroup1);
        Bank.Restore(reader);
        foreach (ref ulong route in routes.AsSpan())
            route = reader.ReadUInt64() & (Affinity.Mask | AnyPe);
    }

    protected override uint ReadWord(uint offset)
    {
        switch (offset)
        {
            case 0x0000:
                return control | EnableAffinityRouting | DisableSecurity;
            case 0x0004:
                // GICD_TYPER: A3V, 16 bits of INTID, no LPIs, no message-based SPIs, ITLinesNumber.
                return (1u << 24) | (15u << 19) | (uint)(((FirstSpi + Bank.Count) / 32) - 1);
            case 0x0008:
                return Gic.ImplementerId;
            case >= 0x6000 and < 0x8000 when TryRoute(offset, out int index):
                return (uint)(routes[index] >> (int)(8 * (offset & 4)));
            case >= 0xFFD0:
                return Identification(offset);
            default:
                return Bank.Read(offset);
        }
    }

    protected override void WriteWord(uint offset, uint value)
    {
        switch (offset)
        {
            case 0x0000:
                control = value & (EnableGroup0 | EnableGroup1);
                break;
            case >= 0x6000 and < 0x8000:
                if (TryRoute(offset, out int index))
                {
                    int shift = (int)(8 * (offset & 4));
                    routes[index] = ((routes[index] & ~(0xFFFF_FFFFUL << shift)) | ((ulong)value << shift)) & (Affinity.Mask | AnyPe);
                }

                break;
            default:
                Bank.Write(offset, value);
                break;
        }

        gic.UpdateAll();
    }

    protected override void WriteByte(uint offset, byte value)
    {
        Bank.WritePriority(offset, value);
        gic.UpdateAll();
    }

    private bool TryRoute(uint offset, out int index)
    {
        index = (int)((offset - 0x6000) / 8) - FirstSpi;
        return index >= 0 && index < routes.Length;
    }
}
