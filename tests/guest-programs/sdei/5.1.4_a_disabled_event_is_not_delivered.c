#include "guest.h"
static volatile int calls;
uint64_t sdei_handler(uint64_t event, uint64_t argument, uint64_t pc, uint64_t pstate)
{
	(void)event; (void)argument; (void)pc; (void)pstate;
	calls++;
	return 0;
}
int main(void)
{
	EXPECT_EQ(0, sdei(SDEI_REGISTER, 0, (uint64_t)sdei_entry, 0));
	EXPECT_EQ(0, sdei(SDEI_PE_UNMASK, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_ENABLE, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_DISABLE, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_SIGNAL, 0, read_mpidr() & 0xff00ffffff, 0));
	EXPECT_EQ(0, calls);
	EXPECT_EQ(0, sdei(SDEI_ENABLE, 0, 0, 0));
	EXPECT_EQ(1, calls);
	return 0;
}
