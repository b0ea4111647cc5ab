/* machine: cpus=2 bound=60s */
#include "smp.h"
static volatile uint64_t due, woke, intid_seen, ready;
static void second(uint64_t argument)
{
	uint32_t intid;

	(void)argument;
	gic_init();
	gic_enable_ppi(27);
	EXPECT_EQ(0, READ_SYSREG(cntv_ctl_el0) & 1);	/* the other's is on */
	due = now() + milliseconds(20);
	WRITE_SYSREG(cntv_cval_el0, due);
	WRITE_SYSREG(cntv_ctl_el0, 1);
	while ((intid = gic_acknowledge()) == 1023)
		wfi();
	woke = now();
	WRITE_SYSREG(cntv_ctl_el0, 0);
	gic_end(intid);
	store_release(&intid_seen, intid);
}

int main(void)
{
	gic_init();
	gic_enable_ppi(27);
	WRITE_SYSREG(cntv_cval_el0, now() + milliseconds(1000000));
	WRITE_SYSREG(cntv_ctl_el0, 1);
	pe_on(1, second, 0);
	WAIT_FOR(load_acquire(&intid_seen));
	EXPECT_EQ(27, intid_seen);
	EXPECT(woke >= due);
	EXPECT_EQ(1, READ_SYSREG(cntv_ctl_el0));	/* ours is still on and not due */
	EXPECT_EQ(1023, gic_acknowledge());
	return 0;
}
