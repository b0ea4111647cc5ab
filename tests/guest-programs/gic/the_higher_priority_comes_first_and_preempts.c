#include "guest.h"
int main(void)
{
	volatile uint8_t *priority = (volatile uint8_t *)(GICR_SGI + 0x400);

	gic_init();
	priority[1] = 0xa0;
	priority[2] = 0x40;
	priority[3] = 0xa0;
	gic_enable_ppi(1);
	gic_enable_ppi(2);
	gic_enable_ppi(3);
	*reg(GICR_SGI + 0x200) = BIT(1) | BIT(2);
	EXPECT_EQ(2, gic_acknowledge());
	EXPECT_EQ(1023, gic_acknowledge());	/* 1 does not preempt 2 */
	gic_end(2);
	EXPECT_EQ(1, gic_acknowledge());
	*reg(GICR_SGI + 0x200) = BIT(2) | BIT(3);
	EXPECT_EQ(2, gic_acknowledge());	/* 2 preempts 1 */
	gic_end(2);
	EXPECT_EQ(1023, gic_acknowledge());	/* 3 has 1's priority */
	gic_end(1);
	EXPECT_EQ(3, gic_acknowledge());
	gic_end(3);
	return 0;
}
