/* machine: cpus=2 bound=60s */
#include "smp.h"
#define ALREADY_ON	(-4L)
#define ON_PENDING	(-5L)
static volatile uint64_t runs, answer, leave;
static void second(uint64_t argument)
{
	(void)argument;
	answer = (uint64_t)hvc(PSCI_CPU_ON, 0, (uint64_t)pe_entry, 0, 0, 0);
	store_release(&runs, 1);
	WAIT_FOR(load_acquire(&leave));
}

int main(void)
{
	int64_t at_once;

	pe_on(1, second, 0);
	at_once = hvc(PSCI_CPU_ON, 1, (uint64_t)pe_entry, 0, 0, 0);
	EXPECT(at_once == ON_PENDING || at_once == ALREADY_ON);
	WAIT_FOR(load_acquire(&runs));
	EXPECT_EQ(ALREADY_ON, answer);
	EXPECT_EQ(ALREADY_ON, hvc(PSCI_CPU_ON, 1, (uint64_t)pe_entry, 0, 0, 0));
	store_release(&leave, 1);
	pe_wait_off(1);
	return 0;
}
