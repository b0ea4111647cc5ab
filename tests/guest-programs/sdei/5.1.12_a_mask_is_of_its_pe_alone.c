/* machine: cpus=2 bound=60s */
#include "smp.h"
static volatile uint64_t handled[MOST_PES], stage;
uint64_t sdei_handler(uint64_t event, uint64_t argument, uint64_t pc, uint64_t pstate)
{
	(void)event;
	(void)argument;
	(void)pc;
	(void)pstate;
	store_release(&handled[pe_self()], handled[pe_self()] + 1);
	return 0;
}

static void listen(void)
{
	EXPECT_EQ(0, sdei(SDEI_REGISTER, 0, (uint64_t)sdei_entry, 0));
	EXPECT_EQ(0, sdei(SDEI_ENABLE, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_PE_UNMASK, 0, 0, 0));
}

static void second(uint64_t argument)
{
	(void)argument;
	EXPECT_EQ(0, sdei(SDEI_PE_MASK, 0, 0, 0));	/* masked from the start, whatever the other did */
	listen();
	EXPECT_EQ(1, sdei(SDEI_PE_MASK, 0, 0, 0));
	store_release(&stage, 1);
	WAIT_FOR(load_acquire(&stage) == 2);
	EXPECT_EQ(0, handled[1]);			/* it was signalled, and waits */
	EXPECT_EQ(0, sdei(SDEI_PE_UNMASK, 0, 0, 0));
	EXPECT_EQ(1, handled[1]);
}

int main(void)
{
	listen();
	pe_on(1, second, 0);
	WAIT_FOR(load_acquire(&stage) == 1);
	EXPECT_EQ(0, sdei(SDEI_SIGNAL, 0, 0, 0));
	EXPECT_EQ(1, handled[0]);
	EXPECT_EQ(0, sdei(SDEI_SIGNAL, 0, 1, 0));
	EXPECT_EQ(0, sdei(SDEI_SIGNAL, 0, 1, 0));
	store_release(&stage, 2);
	pe_wait_off(1);
	EXPECT_EQ(1, handled[1]);
	EXPECT_EQ(1, handled[0]);
	return 0;
}
