#include "apf.h"
/* machine: memory=64M limit=4M latency=0ms */
/* Without latency the page is there before the guest is entered again: it hears neither of its absence nor of its coming. */
int main(void)
{
	make_absent(1);
	apf_start(0);
	EXPECT_EQ(absent_content(0), run_at_el0(read_page, absent_page(0)));
	apf_pause(milliseconds(1));
	EXPECT_EQ(0, apf_events);
	EXPECT_EQ(0, apf_block.reason);
	EXPECT_EQ(0, apf_block.token);
	EXPECT(!apf_is_ready());
	return 0;
}
/* statistics: notified=1 cancelled=1 ready=0 */
