#include "mmu.h"
#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
/* Page 0 of the absent ones holds the window's page table: the walk for an access at EL0 misses first, then the page itself. */
int main(void)
{
	volatile uint64_t *table = (volatile uint64_t *)absent_page(0);

	make_absent(3);
	for (int page = 0; page < 512; page++)
		table[page] = absent_page(1 + page % 2) | PTE_PAGE | PTE_DATA;
	make_absent(0);
	mmu_on();
	apf_start(0);
	gic_enable_ppi(APF_PPI);
	*mmu_window_table = (uint64_t)table | PTE_TABLE;
	tlb_invalidate(MMU_WINDOW);
	EXPECT_EQ(absent_content(2), run_at_el0(read_page, MMU_WINDOW + 4096));
	EXPECT_EQ(2, apf_events);
	EXPECT_EQ(absent_content(1), run_at_el0(read_page, MMU_WINDOW));
	EXPECT_EQ(3, apf_events);
	apf_pause(milliseconds(3));
	return 0;
}
/* statistics: notified=3 */
