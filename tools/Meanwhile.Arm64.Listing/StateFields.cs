using Meanwhile.Arm64.Translator;

namespace Meanwhile.Arm64.Listing;

/// <summary>Names of the state's fields by their displacement from RBP.</summary>
internal static class StateFields
{
    private static readonly (int Offset, string Name)[] Fields =
    [
        (HostLayout.Pc, "Pc"), (HostLayout.Nzcv, "Nzcv"), (HostLayout.HostFlags, "HostFlags"), (HostLayout.CodePageVa, "CodePageVa"),
        (HostLayout.DataTlb, "DataTlb"), (HostLayout.UnprivilegedTlb, "UnprivilegedTlb"), (HostLayout.TlbMask, "TlbMask"), (HostLayout.DataTag, "DataTag[0]"),
        (HostLayout.DataTag + 8, "DataTag[1]"), (HostLayout.JumpKey, "JumpKey[0]"), (HostLayout.JumpKey + 8, "JumpKey[1]"),
        (HostLayout.JumpCacheEntries, "JumpCache.Address"),
        (HostLayout.JumpCacheEntries + 8, "JumpCache.Key"), (HostLayout.JumpCacheEntries + 16, "JumpCache.Code"),
        (HostLayout.UserTlbEntries, "UserTlb.ReadTag"), (HostLayout.UserTlbEntries + 8, "UserTlb.WriteTag"),
        (HostLayout.UserTlbEntries + 16, "UserTlb.Addend"), (HostLayout.UserTlbEntries + 24, "UserTlb.PhysicalPage"),
        (HostLayout.AttentionBits, "Attention"), (HostLayout.InterruptLines, "InterruptLines"),
        (HostLayout.SpEl0, "SpEl0"), (HostLayout.SpSel, "SpSel"), (HostLayout.Daif, "Daif"), (HostLayout.Fpcr, "Fpcr"), (HostLayout.Fpsr, "Fpsr"),
        (HostLayout.ExclusiveSize, "ExclusiveSize"), (HostLayout.ExclusiveAddress, "ExclusiveAddress"), (HostLayout.ExclusiveLow, "ExclusiveLow"),
        (HostLayout.ExclusiveHigh, "ExclusiveHigh"), (HostLayout.EventRegister, "EventRegister"), (HostLayout.Pan, "Pan"), (HostLayout.Uao, "Uao"),
    ];

    /// <summary>The field; one that has no name here by its distance.</summary>
    public static string Name(int displacement)
    {
        int offset = displacement - HostLayout.Registers, slot = offset / sizeof(ulong), part = offset % sizeof(ulong);
        if (offset >= 0 && slot <= CpuState.Sink)
        {
            string register = slot switch { CpuState.Sp => "sp", CpuState.Zr => "zr", CpuState.Sink => "sink", _ => $"x{slot}" };
            return part == 0 ? register : $"{register}+{part}";
        }
        int vector = displacement - HostLayout.Vectors;
        if (vector is >= 0 and < 32 * 16)
            return vector % 16 == 0 ? $"v{vector / 16}" : $"v{vector / 16}+{vector % 16}";
        foreach ((int at, string name) in Fields)
        {
            if (at == displacement)
                return name;
        }
        return $"state{displacement + HostLayout.Bias:+#}";
    }
}
