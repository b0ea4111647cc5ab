#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
int main(void)
{
	uint64_t start;

	make_absent(1);
	apf_start(0);
	start = now();
	/* The handler completes, the access is made again, and again the page is not there. */
	EXPECT_EQ(absent_content(0), run_at_el0(read_page, absent_page(0)));
	EXPECT(now() - start >= milliseconds(ABSENT_LATENCY));
	EXPECT_EQ(1, apf_events);
	EXPECT_EQ(apf_tokens[0], apf_take_ready());
	return 0;
}
/* statistics: notified=1 AlreadyOutstanding=1 ready=1 */
