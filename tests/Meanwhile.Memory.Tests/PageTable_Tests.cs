using Meanwhile.Memory.Pages;

namespace Meanwhile.Memory.Tests;

/// <summary>What is known of each page.</summary>
public class PageTable_Tests
{
    /// <summary>Ranges of all lengths around those of the host's vectors, with a page in them that is another, or none.</summary>
    [Fact]
    public void A_run_is_changed_up_to_the_first_page_that_is_another()
    {
        const int Count = 100;
        ushort untouched = PageTable.WordOf(PageState.Untouched, 0), absent = PageTable.WordOf(PageState.Absent, PageFlags.InOrigin);
        for (int first = 0; first < 9; first++)
        {
            for (int end = first; end <= Count; end++)
            {
                for (int stop = first; stop <= end; stop += 1 + (stop / 3))
                {
                    using var table = new PageTable(Count);
                    if (stop < end)
                        table.SetState(stop, PageState.Resident);
                    Assert.Equal(stop < end ? stop : end, table.ReplaceRun(first, end, untouched, absent));
                    for (int page = 0; page < Count; page++)
                    {
                        bool isChanged = page >= first && page < (stop < end ? stop : end);
                        ushort other = stop < end && page == stop ? PageTable.WordOf(PageState.Resident, 0) : untouched;
                        Assert.Equal(isChanged ? absent : other, table.Word(page));
                    }
                }
            }
        }
    }

    [Fact]
    public void Getting_ready_changes_nothing()
    {
        using var table = new PageTable(10_000);
        table.SetState(2048, PageState.Resident);
        table.Set(9_999, PageFlags.Dirty);
        table.Prepare();
        Assert.Equal(PageState.Resident, table.State(2048));
        Assert.True(table.Has(9_999, PageFlags.Dirty));
        Assert.Equal(0, table.Word(0));
    }
}
