#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
int main(void)
{
	make_absent(2);
	apf_start(0);
	EXPECT_EQ(1, sdei(SDEI_PE_MASK, 0, 0, 0));
	expect_waits(0, true);
	EXPECT_EQ(0, apf_block.reason);
	EXPECT_EQ(0, sdei(SDEI_PE_UNMASK, 0, 0, 0));
	EXPECT_EQ(0, apf_events);	/* nothing was kept for later */
	EXPECT_EQ(absent_content(1), run_at_el0(read_page, absent_page(1)));
	EXPECT_EQ(1, apf_events);
	return 0;
}
/* statistics: EventsMasked=1 notified=1 */
