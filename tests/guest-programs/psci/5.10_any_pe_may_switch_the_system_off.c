/* machine: cpus=3 bound=60s */
#include "smp.h"
/* One waits for an interrupt that never comes, one is off, and the third ends the machine. */
static void last(uint64_t argument)
{
	(void)argument;
	guest_pass();
}

static void nothing(uint64_t argument)
{
	(void)argument;
}

int main(void)
{
	pe_on(1, nothing, 0);
	pe_wait_off(1);
	pe_on(2, last, 0);
	for (;;)
		wfi();
}
