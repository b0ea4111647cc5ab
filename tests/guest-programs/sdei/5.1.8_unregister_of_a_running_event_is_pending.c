#include "guest.h"
static volatile int64_t inside, status_inside;
uint64_t sdei_handler(uint64_t event, uint64_t argument, uint64_t pc, uint64_t pstate)
{
	(void)event; (void)argument; (void)pc; (void)pstate;
	status_inside = sdei(SDEI_STATUS, 0, 0, 0);
	inside = sdei(SDEI_UNREGISTER, 0, 0, 0);
	return 0;
}
int main(void)
{
	EXPECT_EQ(SDEI_DENIED, sdei(SDEI_UNREGISTER, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_REGISTER, 0, (uint64_t)sdei_entry, 0));
	EXPECT_EQ(1, sdei(SDEI_STATUS, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_ENABLE, 0, 0, 0));
	EXPECT_EQ(3, sdei(SDEI_STATUS, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_PE_UNMASK, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_SIGNAL, 0, read_mpidr() & 0xff00ffffff, 0));
	EXPECT_EQ(7, status_inside);
	EXPECT_EQ(SDEI_PENDING, inside);
	EXPECT_EQ(0, sdei(SDEI_STATUS, 0, 0, 0));	/* gone with the handler's completion */
	EXPECT_EQ(0, sdei(SDEI_REGISTER, 0, (uint64_t)sdei_entry, 0));
	return 0;
}
