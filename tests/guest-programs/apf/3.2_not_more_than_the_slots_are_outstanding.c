#include "apf.h"
/* machine: memory=64M limit=4M latency=20ms */
bool on_exception(int kind, struct frame *frame)
{
	frame->elr += 4;
	return kind == VECTOR_IRQ_LOWER;
}
int main(void)
{
	static struct pages all = { 0, APF_SLOTS_COUNT };

	make_absent(APF_SLOTS_COUNT + 1);
	apf_start(0);
	apf_resume = VECTOR_ADDRESS(VECTOR_IRQ_LOWER);
	run_at_el0(read_pages, (uint64_t)&all);
	EXPECT_EQ(APF_SLOTS_COUNT, apf_events);
	EXPECT(!apf_is_ready());	/* no page came yet, so that no slot is free */
	expect_waits(APF_SLOTS_COUNT, true);
	for (int i = 0; i < APF_SLOTS_COUNT; i++)
		apf_take_ready();
	apf_pause(milliseconds(50));
	EXPECT(!apf_is_ready());
	for (int i = 0; i <= APF_SLOTS_COUNT; i++)
		EXPECT_EQ(absent_content(i), read_page(absent_page(i)));
	return 0;
}
/* statistics: notified=64 TableFull=1 ready=64 */
