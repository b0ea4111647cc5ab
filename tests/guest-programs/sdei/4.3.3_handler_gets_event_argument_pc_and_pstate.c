#include "guest.h"
static volatile uint64_t seen_event = 99, seen_argument, seen_pstate, current;
uint64_t sdei_handler(uint64_t event, uint64_t argument, uint64_t pc, uint64_t pstate)
{
	(void)pc;
	seen_event = event;
	seen_argument = argument;
	seen_pstate = pstate;
	__asm__ volatile("mrs %0, daif" : "=r"(current));
	return 0;
}
int main(void)
{
	EXPECT_EQ(0, sdei(SDEI_REGISTER, 0, (uint64_t)sdei_entry, 0x1234567890));
	EXPECT_EQ(0, sdei(SDEI_ENABLE, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_PE_UNMASK, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_SIGNAL, 0, read_mpidr() & 0xff00ffffff, 0));
	EXPECT_EQ(0, seen_event);
	EXPECT_EQ(0x1234567890, seen_argument);
	EXPECT_EQ(5, seen_pstate & 0xf);	/* EL1h */
	EXPECT_EQ(0x3c0, current);		/* D, A, I, F masked */
	return 0;
}
