#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
#define PAGES	6

static bool is_answered(int event)
{
	for (int i = 0; i < apf_readies; i++) {
		if (apf_ready_tokens[i] == apf_tokens[event] || apf_ready_tokens[i] == APF_WAKE_ALL)
			return true;
	}
	return false;
}

/* Where the machine is taken to another one on the way, what was outstanding is answered by wake-all there, and pages are resident. */
int main(void)
{
	make_absent(PAGES);
	apf_start(0);
	gic_enable_ppi(APF_PPI);
	for (int i = 0; i < PAGES; i++)
		EXPECT_EQ(absent_content(i), run_at_el0(read_page, absent_page(i)));
	apf_pause(milliseconds(2));
	for (int i = 0; i < apf_events; i++)
		EXPECT(is_answered(i));
	EXPECT_EQ(0, apf_block.reason);
	EXPECT_EQ(0, apf_block.token);
	EXPECT_EQ(NOT_REQUIRED, apf(APF_IRQ_ACK, 0, 0));
	return 0;
}
/* statistics: notified=6 ready=6 */
