/* machine: cpus=2 bound=120s */
#include "smp.h"
/* A flag is set, then SEV; the other looks at the flag, then WFE. No event gets lost between the two. */
enum { ROUNDS = 20000 };
static volatile uint64_t flags[2];

static void wait_for(volatile uint64_t *flag, uint64_t value)
{
	while (load_acquire(flag) != value)
		__asm__ volatile("wfe");
}

static void set(volatile uint64_t *flag, uint64_t value)
{
	store_release(flag, value);
	__asm__ volatile("dsb ish\n sev" ::: "memory");
}

static void second(uint64_t argument)
{
	(void)argument;
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		wait_for(&flags[0], round);
		set(&flags[1], round);
	}
}

int main(void)
{
	pe_on(1, second, 0);
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		set(&flags[0], round);
		wait_for(&flags[1], round);
	}
	pe_wait_off(1);
	return 0;
}
