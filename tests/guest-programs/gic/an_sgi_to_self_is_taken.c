#include "guest.h"
static volatile uint32_t taken = 1023;
bool on_exception(int kind, struct frame *frame)
{
	(void)frame;
	taken = gic_acknowledge();
	gic_end(taken);
	return kind == VECTOR_IRQ_SAME;
}
int main(void)
{
	gic_init();
	gic_enable_ppi(5);
	WRITE_SYSREG(S3_0_C12_C11_5, 5 << 24 | 1);	/* ICC_SGI1R_EL1: INTID 5, affinity 0.0.0, target list 0 */
	EXPECT(gic_is_pending(5));
	EXPECT_EQ(1023, taken);				/* masked */
	unmask_irq();
	__asm__ volatile("isb");
	EXPECT_EQ(5, taken);
	EXPECT(!gic_is_pending(5));
	return 0;
}
