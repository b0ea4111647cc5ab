#include "guest.h"
int main(void)
{
	uint64_t due;

	gic_init();
	gic_enable_ppi(27);
	due = now() + milliseconds(5);
	WRITE_SYSREG(cntv_cval_el0, due);
	WRITE_SYSREG(cntv_ctl_el0, 1);
	EXPECT_EQ(0, hvc(0xC4000001, 0, 0, 0, 0, 0));	/* a standby state */
	EXPECT(now() >= due);
	EXPECT_EQ(27, gic_acknowledge());
	return 0;
}
