#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
int main(void)
{
	uint64_t start;

	apf_start(APF_SEND_ALWAYS);
	start = now();
	for (int page = 0; page < 16; page++)
		EXPECT_EQ(0, run_at_el0(read_page, 0x40800000 + page * 4096));
	EXPECT_EQ(0, read_page(0x40810000));
	EXPECT(now() - start < milliseconds(ABSENT_LATENCY));
	EXPECT_EQ(0, apf_events);
	return 0;
}
/* statistics: notified=0 */
