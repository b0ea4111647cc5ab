using Meanwhile.Arm64.Translator;

namespace Meanwhile.Arm64.Mmu;

/// <summary>
/// The guest-physical pages that PEs have used lately: P. J. Denning's working set, over a few windows of time. A PE notes a page when it enters a
/// translation to it, so that each window shows in full what is used in it when the TLBs are flushed at its beginning. Fills are the same on both
/// execution engines, and so is the set. Any thread.
/// </summary>
/// <param name="most">Pages kept of each <see cref="PageUse"/>: what a guest does bounds nothing.</param>
public sealed class WorkingSet(int most = WorkingSet.DefaultMost)
{
    private const int DefaultMost = 4096;
    private const int Uses = (int)PageUse.UnprivilegedData + 1;

    private const int MostCode = 1 << 16;

    private readonly Lock gate = new();
    private readonly Dictionary<ulong, CodeUse> code = [];
    private readonly Dictionary<ulong, Entry> entries = [];
    private readonly int[] population = new int[Uses];
    private int window = 1;
    private int order;

    /// <summary>
    /// Begins the next window. Data pages of EL0 that were used in one window alone, and not in the one that ends, are forgotten: who goes through
    /// memory does not come back to them.
    /// </summary>
    public void BeginWindow()
    {
        lock (gate)
        {
            foreach ((ulong page, Entry entry) in entries)
            {
                if (entry.Windows > 1 || entry.LastWindow == window || entry.Use != PageUse.UnprivilegedData)
                    continue;
                population[(int)entry.Use]--;
                entries.Remove(page);
            }
            window++;
        }
    }

    /// <summary>A PE uses a page.</summary>
    /// <param name="physicalAddress">Any address in it.</param>
    /// <param name="use">For what; of several uses the most important counts.</param>
    public void Add(ulong physicalAddress, PageUse use) => Add(physicalAddress, use, inWindow: true);

    /// <summary>A PE has used a page at some time before the first window, and still had the translation.</summary>
    internal void AddEarlier(ulong physicalAddress, PageUse use) => Add(physicalAddress, use, inWindow: false);

    private void Add(ulong physicalAddress, PageUse use, bool inWindow)
    {
        ulong page = physicalAddress & ~0xFFFUL;
        lock (gate)
        {
            if (!entries.TryGetValue(page, out Entry entry))
            {
                if (population[(int)use] >= most)
                    return;
                entry = new Entry(use, 0, 0, order++);
                population[(int)use]++;
            }
            if (use < entry.Use)
            {
                population[(int)entry.Use]--;
                population[(int)use]++;
                entry = entry with { Use = use };
            }
            if (inWindow && entry.LastWindow != window)
                entry = entry with { Windows = entry.Windows + 1, LastWindow = window };
            entries[page] = entry;
        }
    }

    /// <summary>
    /// The pages, most important first: those used in more than one window, in one, before the first; among those by use, and among equals in the order of first
    /// use. EL0's data only when it was used in more than one.
    /// </summary>
    public ulong[] ToArray()
    {
        lock (gate)
        {
            return [.. entries
                .Where(static entry => entry.Value.Windows > 1 || entry.Value.Use != PageUse.UnprivilegedData)
                .OrderByDescending(static entry => Math.Min(entry.Value.Windows, 2))
                .ThenBy(static entry => entry.Value.Use)
                .ThenBy(static entry => entry.Value.Order)
                .Select(static entry => entry.Key)];
        }
    }

    /// <summary>A PE uses translated code.</summary>
    /// <param name="unit">Physical address of its first instruction in bits 55:0; in 63:56 what it is specialised for.</param>
    internal void AddCode(ulong unit)
    {
        lock (gate)
        {
            if (!code.TryGetValue(unit, out CodeUse use))
            {
                if (code.Count >= MostCode)
                    return;
                use = new CodeUse(0, 0, code.Count);
            }
            if (use.LastWindow != window)
                code[unit] = use with { Windows = use.Windows + 1, LastWindow = window };
        }
    }

    /// <summary>
    /// Translated code that PEs have used in the windows, a word a unit: the physical address of its first instruction in bits 55:0, and in 63:56 what it is
    /// specialised for. That used in most windows, in order of addresses. Nothing from an interpreter, and otherwise not the same on all engines.
    /// </summary>
    /// <param name="most">Words at most.</param>
    public ulong[] Code(int most)
    {
        lock (gate)
        {
            ulong[] units = [.. code
                .OrderByDescending(static entry => entry.Value.Windows)
                .ThenBy(static entry => entry.Value.Order)
                .Take(most)
                .Select(static entry => entry.Key)];
            Array.Sort(units, static (a, b) => AddressOf(a).CompareTo(AddressOf(b)));
            return units;
        }
    }

    /// <summary>Physical address of the first instruction of a unit that <see cref="Code"/> named.</summary>
    public static ulong AddressOf(ulong unit) => unit & ((1UL << TranslationCache.ModeShift) - 1);

    private readonly record struct CodeUse(int Windows, int LastWindow, int Order);

    private readonly record struct Entry(PageUse Use, int Windows, int LastWindow, int Order);
}
