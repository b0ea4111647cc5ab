#include "guest.h"
static volatile uint32_t taken;
static volatile uint64_t when;
bool on_exception(int kind, struct frame *frame)
{
	(void)frame;
	when = now();
	taken = gic_acknowledge();
	WRITE_SYSREG(cntp_ctl_el0, 0);
	gic_end(taken);
	return kind == VECTOR_IRQ_SAME;
}
int main(void)
{
	uint64_t start;

	gic_init();
	gic_enable_ppi(30);
	unmask_irq();
	start = now();
	WRITE_SYSREG(cntp_tval_el0, milliseconds(3));
	WRITE_SYSREG(cntp_ctl_el0, 1);
	while (!taken)
		EXPECT(now() - start < milliseconds(10));
	EXPECT_EQ(30, taken);
	EXPECT(when - start >= milliseconds(3));
	EXPECT(when - start < milliseconds(4));
	return 0;
}
