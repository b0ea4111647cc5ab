using Meanwhile.Arm64.Translator;

namespace Meanwhile.Arm64.Mmu;

/// <summary>Maintenance that one PE does to its own caches, or broadcasts to those of its domain.</summary>
internal enum MaintenanceKind : byte
{
    /// <summary>TLBI VMALLE1.</summary>
    AllTranslations,

    /// <summary>TLBI VAE1 and VAAE1; operand as the instruction's.</summary>
    Address,

    /// <summary>TLBI VALE1 and VAALE1; operand as the instruction's.</summary>
    LastLevelAddress,

    /// <summary>TLBI ASIDE1; operand as the instruction's.</summary>
    Asid,

    /// <summary>IC IALLU.</summary>
    AllCode,

    /// <summary>IC IVAU; operand is a guest-physical page.</summary>
    CodePage,
}

/// <summary>The PEs of one machine: whom SEV and TLB and instruction cache maintenance broadcasts reach.</summary>
public sealed class InnerShareableDomain
{
    private readonly Lock gate = new();
    private volatile Core[] members = [];

    private TranslationCache? translations;

    internal Core[] Members => members;

    /// <summary>The translations that the PEs of the domain share.</summary>
    /// <param name="counting">See <see cref="Core"/>.</param>
    internal TranslationCache Translations(bool counting)
    {
        lock (gate)
            return translations is { IsFree: false } ? translations : translations = new TranslationCache(counting: counting);
    }

    /// <summary>Adds a PE; before it runs.</summary>
    internal void Add(Core core)
    {
        lock (gate)
            members = [.. members, core];
    }

    /// <summary>Removes a PE, when no PE of the domain runs.</summary>
    internal void Remove(Core core)
    {
        lock (gate)
            members = Array.FindAll(members, member => member != core);
    }
}
