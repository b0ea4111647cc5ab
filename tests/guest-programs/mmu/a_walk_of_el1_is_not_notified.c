#include "mmu.h"
#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
/* docs/protocol.md 3.2: even with SEND_ALWAYS; the page itself is. */
int main(void)
{
	volatile uint64_t *table = (volatile uint64_t *)absent_page(0);

	make_absent(2);
	table[1] = absent_page(1) | PTE_PAGE | PTE_DATA;
	make_absent(0);
	mmu_on();
	apf_start(APF_SEND_ALWAYS);
	*mmu_window_table = (uint64_t)table | PTE_TABLE;
	tlb_invalidate(MMU_WINDOW);
	EXPECT_EQ(absent_content(1), read_page(MMU_WINDOW + 4096));
	EXPECT_EQ(1, apf_events);
	EXPECT_EQ(apf_tokens[0], apf_take_ready());
	return 0;
}
/* statistics: TableWalk=1 notified=1 */
