#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
bool on_exception(int kind, struct frame *frame)
{
	frame->elr += 4;
	return kind == VECTOR_IRQ_LOWER;
}
int main(void)
{
	uint64_t start;

	make_absent(1);
	apf_start(0);
	gic_enable_ppi(APF_PPI);
	apf_resume = VECTOR_ADDRESS(VECTOR_IRQ_LOWER);
	start = now();
	run_at_el0(read_page, absent_page(0));
	EXPECT_EQ(1, apf_events);
	EXPECT(!apf_is_ready());
	wfi();		/* PSTATE.I is set: the interrupt wakes, and is not taken */
	EXPECT(apf_is_ready());
	EXPECT(now() - start >= milliseconds(ABSENT_LATENCY));
	EXPECT(now() - start < milliseconds(10 * ABSENT_LATENCY));
	EXPECT_EQ(apf_tokens[0], apf_take_ready());
	return 0;
}
