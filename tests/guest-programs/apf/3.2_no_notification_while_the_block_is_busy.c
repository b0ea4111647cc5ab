#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
int main(void)
{
	make_absent(2);
	apf_start(0);
	apf_keeps_block = true;
	EXPECT_EQ(absent_content(0), run_at_el0(read_page, absent_page(0)));
	EXPECT_EQ(1, apf_events);
	expect_waits(1, true);
	/* Neither the second fault nor the first one's page-ready has touched it. */
	EXPECT_EQ(APF_NOT_PRESENT, apf_block.reason);
	EXPECT_EQ(apf_tokens[0], apf_block.token);
	EXPECT(!apf_is_ready());
	apf_block.token = 0;
	apf_block.reason = 0;
	apf_pause(0);
	EXPECT_EQ(apf_tokens[0], apf_take_ready());
	return 0;
}
/* The first access, made again, and the second page. */
/* statistics: BlockBusy=2 notified=1 ready=1 */
