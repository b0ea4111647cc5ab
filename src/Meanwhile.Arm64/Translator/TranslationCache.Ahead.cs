using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64.Translator;

/// <content>
/// Translating ahead: what a guest uses on one machine is known to another before the guest is there. A unit is named by its key, the physical address of
/// its first instruction with its <see cref="UnitMode"/> in bits 63:56.
/// </content>
internal sealed unsafe partial class TranslationCache
{
    private const UnitMode AllModes = UnitMode.El1 | UnitMode.FpEnabled | UnitMode.UpperRange;

    // Each link that leads to a unit: its jump, and where it led before.
    private readonly List<(nint Site, nint Target)> links = [];

    /// <summary>Makes all links ask for their targets again, so that who looks units up sees each that is used. Any thread, while PEs run.</summary>
    public void Unlink()
    {
        lock (gate)
        {
            foreach ((nint site, nint target) in links)
                assembler.Patch(site, target);
            links.Clear();
        }
    }

    /// <summary>
    /// Translates a unit that is not translated yet. Keys come from elsewhere: one that names no unit of the page is left alone, and so is all when there is
    /// no room; the guest's own code is not to be driven out by what it may not need.
    /// </summary>
    /// <param name="key">Of the unit.</param>
    /// <param name="physicalPage">Address of its page.</param>
    /// <param name="page">Content of the page. Who changes it there says so (<see cref="Invalidate"/>).</param>
    /// <param name="map">Where to name it, or null.</param>
    public void TranslateAhead(ulong key, ulong physicalPage, byte* page, PerfMap? map)
    {
        var mode = (UnitMode)(key >> ModeShift);
        ulong address = WorkingSet.AddressOf(key);
        if ((mode & ~AllModes) == 0 && (address & ~0xFFFUL) == physicalPage && (address & 3) == 0)
            _ = FindOrTranslate(address, page, mode, map, address);
    }
}
