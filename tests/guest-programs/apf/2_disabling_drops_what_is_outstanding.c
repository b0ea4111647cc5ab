#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
bool on_exception(int kind, struct frame *frame)
{
	frame->elr += 4;	/* leaves the access out */
	return kind == VECTOR_IRQ_LOWER;
}
int main(void)
{
	make_absent(2);
	apf_start(0);
	apf_resume = VECTOR_ADDRESS(VECTOR_IRQ_LOWER);
	run_at_el0(read_page, absent_page(0));
	EXPECT_EQ(1, apf_events);
	EXPECT_EQ(0, apf(APF_ENABLE, 0, 0));
	apf_pause(milliseconds(5));
	EXPECT(!apf_is_ready());
	EXPECT_EQ(0, apf_block.reason);
	EXPECT_EQ(NOT_REQUIRED, apf(APF_IRQ_ACK, 0, 0));
	/* Enabled again there is the wake-all, and nothing of the old token. */
	EXPECT_EQ(0, apf(APF_ENABLE, (uint64_t)&apf_block | APF_ENABLED, 0));
	EXPECT_EQ(APF_WAKE_ALL, apf_take_ready());
	apf_pause(milliseconds(5));
	EXPECT(!apf_is_ready());
	EXPECT_EQ(absent_content(0), read_page(absent_page(0)));
	return 0;
}
/* statistics: notified=1 ready=0 dropped=1 wakeAlls=2 */
