#include "guest.h"
int main(void)
{
	gic_init();
	*reg(GICR_SGI + 0x200) = BIT(7);	/* GICR_ISPENDR0 */
	EXPECT(gic_is_pending(7));
	EXPECT_EQ(0, READ_SYSREG(isr_el1) & BIT(7));
	EXPECT_EQ(1023, gic_acknowledge());
	gic_enable_ppi(7);
	EXPECT_EQ(BIT(7), READ_SYSREG(isr_el1) & BIT(7));	/* ISR_EL1.I */
	*reg(GICR_SGI + 0x280) = BIT(7);	/* GICR_ICPENDR0 */
	EXPECT_EQ(0, READ_SYSREG(isr_el1) & BIT(7));
	EXPECT_EQ(1023, gic_acknowledge());
	return 0;
}
