#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
int main(void)
{
	make_absent(2);
	apf_start(0);
	expect_waits(0, false);
	EXPECT_EQ(absent_content(1), run_at_el0(read_page, absent_page(1)));
	EXPECT_EQ(1, apf_events);
	return 0;
}
/* statistics: notified=1 Privileged=1 */
