/* machine: cpus=3 bound=60s */
#include "smp.h"
#define INVALID_PARAMETERS	(-2L)
static volatile uint64_t runs, leave;
static void second(uint64_t argument)
{
	(void)argument;
	store_release(&runs, 1);
	WAIT_FOR(load_acquire(&leave));
}

int main(void)
{
	EXPECT_EQ(PE_OFF, pe_state(1));
	EXPECT_EQ(PE_OFF, pe_state(2));
	EXPECT_EQ(INVALID_PARAMETERS, pe_state(3));
	pe_on(2, second, 0);
	WAIT_FOR(load_acquire(&runs));
	EXPECT_EQ(PE_OFF, pe_state(1));
	EXPECT_EQ(PE_ON, pe_state(2));
	EXPECT_EQ(PE_ON, hvc(PSCI_AFFINITY_INFO, 0, 1, 0, 0, 0));	/* any of the cluster */
	store_release(&leave, 1);
	pe_wait_off(2);
	EXPECT_EQ(PE_ON, pe_state(0));
	return 0;
}
