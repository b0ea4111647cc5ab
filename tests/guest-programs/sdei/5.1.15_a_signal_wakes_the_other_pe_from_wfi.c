/* machine: cpus=2 bound=60s */
#include "smp.h"
enum { ROUNDS = 2000 };
static volatile uint64_t handled, ready;
uint64_t sdei_handler(uint64_t event, uint64_t argument, uint64_t pc, uint64_t pstate)
{
	(void)event;
	(void)argument;
	(void)pc;
	(void)pstate;
	EXPECT_EQ(1, pe_self());
	store_release(&handled, handled + 1);
	return 0;
}

static void second(uint64_t argument)
{
	(void)argument;
	EXPECT_EQ(0, sdei(SDEI_REGISTER, 0, (uint64_t)sdei_entry, 0));
	EXPECT_EQ(0, sdei(SDEI_ENABLE, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_PE_UNMASK, 0, 0, 0));
	store_release(&ready, 1);
	for (;;)
		wfi();
}

int main(void)
{
	pe_on(1, second, 0);
	WAIT_FOR(load_acquire(&ready));
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		EXPECT_EQ(0, sdei(SDEI_SIGNAL, 0, 1, 0));
		WAIT_FOR(load_acquire(&handled) == round);
	}
	return 0;
}
