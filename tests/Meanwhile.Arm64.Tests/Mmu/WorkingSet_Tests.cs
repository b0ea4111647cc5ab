using Meanwhile.Arm64.Mmu;
using static Meanwhile.Arm64.Tests.Mmu.PagedMachine;

namespace Meanwhile.Arm64.Tests.Mmu;

/// <summary>Which pages a PE uses: those that its accesses reach, and every table on the way to them (DDI0487 D8.2).</summary>
public sealed unsafe class WorkingSet_Tests
{
    private const ulong Va = 0x12_3456_7000, Upper = 0xFFFF_8000_1234_5000, Code = 0xFFFF_8000_4000_0000;
    private const ulong Page = 0x1000;

    /// <summary>A 4 KiB granule and 48 bits: four levels of tables, each of one page.</summary>
    [Fact]
    public void Pages_of_accesses_and_of_the_tables_that_lead_to_them_are_in_it_by_importance()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical, Af | User);
        m.Map(Upper, DataPhysical + Page);
        m.Map(Code, DataPhysical + (2 * Page), Af | ReadOnly);
        WorkingSet set = Track(m);
        m.Pstate = El0;
        m.ReadValue(Va);
        m.Pstate = El1;
        Assert.Equal(0ul, m.Fetch(Code));
        Assert.Equal(0ul, m.Write(Upper));
        set.BeginWindow();
        m.Core.FlushTlb();
        m.Pstate = El0;
        m.ReadValue(Va);
        ulong[] tables = [m.LowerRoot, .. Tables(m, Va)];
        ulong[] tablesInOneWindow = [m.UpperRoot, .. Tables(m, Code), .. Tables(m, Upper)];
        Assert.Equal(
            [.. tables, DataPhysical, .. tablesInOneWindow.Distinct(), DataPhysical + (2 * Page), DataPhysical + Page], set.ToArray());
    }

    [Fact]
    public void Pages_within_blocks_are_those_that_are_used()
    {
        using var m = new PagedMachine();
        m.Map(Upper & ~0x1F_FFFFUL, DataPhysical, level: 2);
        WorkingSet set = Track(m);
        Assert.Equal(0ul, m.Read(Upper));
        Assert.Equal([m.UpperRoot, .. Tables(m, Upper, last: 2), DataPhysical + (Upper & 0x1F_F000)], set.ToArray());
    }

    /// <summary>Copies to and from a task's memory by the kernel (LDTR) are of the task's data.</summary>
    [Fact]
    public void What_the_kernel_accesses_with_the_permissions_of_EL0_is_EL0s()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical, Af | User);
        WorkingSet set = Track(m);
        Assert.Equal(0ul, m.Read(Va, AccessFlags.Unprivileged));
        Assert.DoesNotContain(DataPhysical, set.ToArray());
        set.BeginWindow();
        m.Core.FlushTlb();
        Assert.Equal(0ul, m.Read(Va, AccessFlags.Unprivileged));
        Assert.Equal(DataPhysical, set.ToArray()[^1]);
    }

    /// <summary>A kernel does some things seldom. What it used before, and nothing has displaced, comes last.</summary>
    [Fact]
    public void What_EL1_used_before_is_listed_behind_what_it_uses()
    {
        using var m = new PagedMachine();
        m.Map(Upper, DataPhysical);
        m.Map(Upper + Page, DataPhysical + Page);
        m.Map(Va, DataPhysical + (2 * Page));
        Assert.Equal(0ul, m.Read(Upper));
        Assert.Equal(0ul, m.Read(Va));
        m.Core.FlushTlb();
        WorkingSet set = Track(m);
        Assert.Equal([DataPhysical], set.ToArray());
        Assert.Equal(0ul, m.Read(Upper + Page));
        Assert.Equal([m.UpperRoot, .. Tables(m, Upper), DataPhysical + Page, DataPhysical], set.ToArray());
        m.Core.WorkingSet = null;
        Assert.Equal(0ul, m.Read(Va));
        Assert.DoesNotContain(DataPhysical + (2 * Page), set.ToArray());
    }

    [Fact]
    public void A_page_counts_by_its_most_important_use_and_one_that_a_task_leaves_is_forgotten()
    {
        var set = new WorkingSet();
        set.Add(0x1000, PageUse.UnprivilegedData);
        set.Add(0x2000, PageUse.UnprivilegedData);
        set.Add(0x3000, PageUse.UnprivilegedCode);
        set.BeginWindow();
        set.Add(0x2008, PageUse.UnprivilegedData);
        set.Add(0x4000, PageUse.PrivilegedData);
        set.Add(0x4FFF, PageUse.TranslationTable);
        set.Add(0x5000, PageUse.PrivilegedCode);
        Assert.Equal([0x2000ul, 0x4000, 0x5000, 0x3000], set.ToArray());
        set.BeginWindow();
        set.BeginWindow();
        set.Add(0x1000, PageUse.UnprivilegedData);
        // It was forgotten in between: this is its first window.
        Assert.Equal([0x2000ul, 0x4000, 0x5000, 0x3000], set.ToArray());
    }

    [Fact]
    public void A_guest_that_uses_all_of_memory_does_not_make_it_larger()
    {
        var set = new WorkingSet(most: 10);
        for (int window = 0; window < 2; window++)
        {
            for (ulong page = 0; page < 100; page++)
                set.Add(page << 12, PageUse.UnprivilegedData);
            set.Add(1UL << 40, PageUse.PrivilegedData);
            set.BeginWindow();
        }
        ulong[] pages = set.ToArray();
        Assert.Equal(11, pages.Length);
        Assert.Equal(1UL << 40, pages[0]);
    }

    private static WorkingSet Track(PagedMachine m)
    {
        var set = new WorkingSet();
        m.Core.WorkingSet = set;
        m.Core.FlushTlb();
        return set;
    }

    // Pages of the tables below the root, down to the one whose entry maps the page or block.
    private static IEnumerable<ulong> Tables(PagedMachine m, ulong va, int last = 3)
    {
        for (int level = 1; level <= last; level++)
            yield return m.DescriptorAddress(va, level) & ~0xFFFUL;
    }
}
