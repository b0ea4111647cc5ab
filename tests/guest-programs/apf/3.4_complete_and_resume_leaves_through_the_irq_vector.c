#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
/* As Linux does: the handler resumes at the IRQ vector of EL0, the kernel waits there, and the access is made once more when the page is there. */
static volatile uint64_t elr, spsr;
bool on_exception(int kind, struct frame *frame)
{
	elr = frame->elr;
	spsr = frame->spsr;
	EXPECT_EQ(apf_tokens[0], apf_take_ready());
	return kind == VECTOR_IRQ_LOWER;
}
int main(void)
{
	make_absent(1);
	apf_start(0);
	apf_resume = VECTOR_ADDRESS(VECTOR_IRQ_LOWER);
	EXPECT_EQ(absent_content(0), run_at_el0(read_page, absent_page(0)));
	EXPECT_EQ(1, apf_events);
	EXPECT_EQ((uint64_t)read_page, elr);
	EXPECT_EQ(0, spsr & 0x1f);
	return 0;
}
/* statistics: notified=1 ready=1 AlreadyOutstanding=0 */
