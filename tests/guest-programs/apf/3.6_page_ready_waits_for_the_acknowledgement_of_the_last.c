#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
bool on_exception(int kind, struct frame *frame)
{
	frame->elr += 4;
	return kind == VECTOR_IRQ_LOWER;
}
int main(void)
{
	static struct pages both = { 0, 2 };
	uint32_t first;

	make_absent(2);
	apf_start(0);
	apf_resume = VECTOR_ADDRESS(VECTOR_IRQ_LOWER);
	run_at_el0(read_pages, (uint64_t)&both);
	EXPECT_EQ(2, apf_events);
	apf_pause(milliseconds(5));		/* both pages are there */
	EXPECT_EQ(APF_READY, apf_block.reason);
	first = apf_block.token;
	apf_block.token = 0;
	apf_block.reason = 0;
	apf_pause(milliseconds(1));
	EXPECT_EQ(0, apf_block.reason);		/* the block is free, but the first is not acknowledged */
	EXPECT_EQ(0, apf(APF_IRQ_ACK, 0, 0));
	EXPECT_EQ(apf_tokens[0] == first ? apf_tokens[1] : apf_tokens[0], apf_take_ready());
	EXPECT(first == apf_tokens[0] || first == apf_tokens[1]);
	return 0;
}
/* statistics: notified=2 ready=2 */
