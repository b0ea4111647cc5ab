#include "guest.h"
int main(void)
{
	gic_init();
	gic_enable_ppi(27);
	WRITE_SYSREG(cntv_cval_el0, 0);
	WRITE_SYSREG(cntv_ctl_el0, 3);			/* ENABLE, IMASK */
	EXPECT_EQ(7, READ_SYSREG(cntv_ctl_el0));
	EXPECT(!gic_is_pending(27));
	WRITE_SYSREG(cntv_ctl_el0, 1);
	EXPECT(gic_is_pending(27));
	WRITE_SYSREG(cntv_cval_el0, now() + milliseconds(1000));
	EXPECT(!gic_is_pending(27));			/* the condition went, and the level with it */
	return 0;
}
