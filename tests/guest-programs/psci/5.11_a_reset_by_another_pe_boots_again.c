/* machine: cpus=2 bound=60s */
#include "smp.h"
#define SYSTEM_RESET	0x84000009
static void reset(uint64_t argument)
{
	(void)argument;
	hvc(SYSTEM_RESET, 0, 0, 0, 0, 0);
	guest_fail("reset", __FILE__, __LINE__, 0, 0);
}

int main(void)
{
	volatile uint64_t *boots = (volatile uint64_t *)0x43000000;

	EXPECT_EQ(0, read_mpidr() & 0xff);
	EXPECT_EQ(PE_OFF, pe_state(1));
	if (++*boots == 4)
		return 0;
	pe_on(1, reset, 0);
	for (;;)
		wfi();
}
