#include "guest.h"
int main(void)
{
	uint64_t due;

	gic_init();
	gic_enable_ppi(27);
	due = now() + milliseconds(20);
	WRITE_SYSREG(cntv_cval_el0, due);
	WRITE_SYSREG(cntv_ctl_el0, 1);
	EXPECT_EQ(1, READ_SYSREG(cntv_ctl_el0));	/* ISTATUS is clear */
	EXPECT(!gic_is_pending(27));
	wfi();
	EXPECT(now() >= due);
	EXPECT(now() < due + milliseconds(1));
	EXPECT_EQ(5, READ_SYSREG(cntv_ctl_el0));
	EXPECT_EQ(27, gic_acknowledge());
	WRITE_SYSREG(cntv_ctl_el0, 0);
	gic_end(27);
	EXPECT_EQ(1023, gic_acknowledge());
	return 0;
}
