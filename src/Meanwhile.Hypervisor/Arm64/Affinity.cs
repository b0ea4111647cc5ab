namespace Meanwhile.Hypervisor.Arm64;

/// <summary>Affinity values as MPIDR_EL1, PSCI and GICD_IROUTER hold them: Aff0..Aff2 in bits 23..0, Aff3 in bits 39..32.</summary>
internal static class Affinity
{
    internal const ulong Mask = 0xFF_00FF_FFFF;

    /// <summary>PEs with one Aff1 that an SGI's target list can name (IHI0069 12.2.22: 16, without range selector).</summary>
    internal const int ClusterSize = 16;

    internal static ulong OfVcpu(int index) => (uint)(index % ClusterSize) | ((uint)(index / ClusterSize) << 8);

    /// <summary>Fields from level <paramref name="level"/> (0..3) up.</summary>
    internal static ulong LevelMask(int level) => level switch
    {
        0 => Mask,
        1 => Mask & ~0xFFUL,
        2 => Mask & ~0xFFFFUL,
        _ => Mask & ~0xFF_FFFFUL,
    };
}
