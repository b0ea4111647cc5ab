/* machine: cpus=2 bound=60s */
#include "smp.h"
/* DDI0487: CNTx_CTL_EL0.ENABLE is 0 after a warm reset. IHI0069: so are ICC_PMR_EL1 and ICC_IGRPEN1_EL1. */
static volatile uint64_t virtual_timer, physical_timer, priority_mask, group_enable, translation;
static void leave_traces(uint64_t argument)
{
	(void)argument;
	gic_init();
	gic_enable_ppi(27);
	WRITE_SYSREG(cntv_cval_el0, 0);
	WRITE_SYSREG(cntv_ctl_el0, 1);		/* due, and signalled to this PE, which masks it */
	WRITE_SYSREG(cntp_cval_el0, now() + milliseconds(1));
	WRITE_SYSREG(cntp_ctl_el0, 1);
	WRITE_SYSREG(ttbr0_el1, 0x1000);
	EXPECT(gic_is_pending(27));
}

static void look(uint64_t argument)
{
	(void)argument;
	virtual_timer = READ_SYSREG(cntv_ctl_el0);
	physical_timer = READ_SYSREG(cntp_ctl_el0);
	priority_mask = READ_SYSREG(S3_0_C4_C6_0);
	group_enable = READ_SYSREG(S3_0_C12_C12_7);
	translation = READ_SYSREG(sctlr_el1) & 1;
	wfi();	/* nothing is signalled: this waits for what the other PE sends */
}

int main(void)
{
	virtual_timer = physical_timer = priority_mask = group_enable = ~0ULL;
	pe_on(1, leave_traces, 0);
	pe_wait_off(1);
	pe_on(1, look, 0);
	WAIT_FOR(virtual_timer != ~0ULL && group_enable != ~0ULL);
	EXPECT_EQ(0, virtual_timer & 1);
	EXPECT_EQ(0, physical_timer & 1);
	EXPECT_EQ(0, priority_mask);
	EXPECT_EQ(0, group_enable & 1);
	EXPECT_EQ(0, translation);
	for (uint64_t end = now() + milliseconds(5); now() < end;)
		EXPECT_EQ(PE_ON, pe_state(1));
	return 0;
}
