/* machine: cpus=2 bound=120s */
#include "smp.h"
/* Each PE sleeps until the other sends it an interrupt: one that gets lost ends the game. */
enum { ROUNDS = 5000 };
static volatile uint64_t ready;
static void wait_for(uint32_t wanted)
{
	uint32_t intid;

	while ((intid = gic_acknowledge()) == 1023)
		wfi();
	EXPECT_EQ(wanted, intid);
	gic_end(intid);
}

static void second(uint64_t argument)
{
	(void)argument;
	gic_init();
	gic_enable_ppi(1);
	store_release(&ready, 1);
	for (int round = 0; round < ROUNDS; round++) {
		wait_for(1);
		sgi(2, 0);
	}
}

int main(void)
{
	gic_init();
	gic_enable_ppi(2);
	pe_on(1, second, 0);
	WAIT_FOR(load_acquire(&ready));
	for (int round = 0; round < ROUNDS; round++) {
		sgi(1, 1);
		wait_for(2);
	}
	pe_wait_off(1);
	return 0;
}
