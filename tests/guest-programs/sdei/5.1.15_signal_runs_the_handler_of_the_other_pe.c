/* machine: cpus=2 bound=60s */
#include "smp.h"
/* Each PE registers event 0 with an argument of its own; each signals the other. */
enum { ROUNDS = 1000 };
static volatile uint64_t handled[MOST_PES], arguments[MOST_PES], ready, leave;
uint64_t sdei_handler(uint64_t event, uint64_t argument, uint64_t pc, uint64_t pstate)
{
	(void)pc;
	(void)pstate;
	EXPECT_EQ(0, event);
	arguments[pe_self()] = argument;
	store_release(&handled[pe_self()], handled[pe_self()] + 1);
	return 0;
}

static void listen(uint64_t argument)
{
	EXPECT_EQ(0, sdei(SDEI_REGISTER, 0, (uint64_t)sdei_entry, argument));
	EXPECT_EQ(0, sdei(SDEI_ENABLE, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_PE_UNMASK, 0, 0, 0));
}

static void second(uint64_t argument)
{
	listen(argument);
	store_release(&ready, 1);
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		WAIT_FOR(load_acquire(&handled[1]) == round);
		EXPECT_EQ(0, sdei(SDEI_SIGNAL, 0, 0, 0));
	}
	WAIT_FOR(load_acquire(&leave));
}

int main(void)
{
	listen(100);
	pe_on(1, second, 101);
	WAIT_FOR(load_acquire(&ready));
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		EXPECT_EQ(0, sdei(SDEI_SIGNAL, 0, 1, 0));
		WAIT_FOR(load_acquire(&handled[0]) == round);
	}
	store_release(&leave, 1);
	pe_wait_off(1);
	EXPECT_EQ(100, arguments[0]);
	EXPECT_EQ(101, arguments[1]);
	EXPECT_EQ(ROUNDS, handled[1]);
	return 0;
}
