/* machine: cpus=2 bound=60s */
#include "smp.h"
static volatile uint64_t argument_seen, level, masks, control, affinity, done;
static void second(uint64_t argument)
{
	argument_seen = argument;
	level = READ_SYSREG(CurrentEL);
	masks = READ_SYSREG(daif);
	control = READ_SYSREG(sctlr_el1);
	affinity = read_mpidr() & 0xff00ffffff;
	store_release(&done, 1);
}

int main(void)
{
	pe_on(1, second, 0x123456789abcdef0);
	WAIT_FOR(load_acquire(&done));
	EXPECT_EQ(0x123456789abcdef0, argument_seen);
	EXPECT_EQ(1 << 2, level);
	EXPECT_EQ(0x3c0, masks);
	EXPECT_EQ(0, control & 1);	/* the MMU is off */
	EXPECT_EQ(1, affinity);
	return 0;
}
