#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
#define COUNT	32
bool on_exception(int kind, struct frame *frame)
{
	frame->elr += 4;
	return kind == VECTOR_IRQ_LOWER;
}
int main(void)
{
	static struct pages all = { 0, COUNT };

	make_absent(COUNT);
	apf_start(0);
	apf_resume = VECTOR_ADDRESS(VECTOR_IRQ_LOWER);
	run_at_el0(read_pages, (uint64_t)&all);
	EXPECT_EQ(COUNT, apf_events);
	for (int i = 0; i < COUNT; i++) {
		EXPECT(apf_tokens[i] != 0 && apf_tokens[i] != APF_WAKE_ALL);
		EXPECT_EQ(0, apf_tokens[i] & 0xfff);
		for (int j = 0; j < i; j++)
			EXPECT(apf_tokens[i] != apf_tokens[j]);
	}
	return 0;
}
