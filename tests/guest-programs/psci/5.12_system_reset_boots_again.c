#include "guest.h"
/* RAM keeps its content; the CPU and the devices do not. */
int main(void)
{
	volatile uint64_t *boots = (volatile uint64_t *)0x43000000;

	EXPECT_EQ(0, READ_SYSREG(cntv_ctl_el0) & 3);
	EXPECT_EQ(0, *reg(GICR_SGI + 0x100));	/* nothing is enabled */
	EXPECT_EQ(0, READ_SYSREG(sctlr_el1) & 1);
	if (++*boots == 3)
		return 0;
	gic_init();
	gic_enable_ppi(27);
	WRITE_SYSREG(cntv_ctl_el0, 3);
	hvc(*boots == 1 ? 0x84000009 : 0x84000012, 0, 0, 0, 0, 0);	/* cold the first time, then warm */
	guest_fail("reset", __FILE__, __LINE__, 0, 0);
}
