/* machine: cpus=2 bound=60s */
#include "smp.h"
#define REGISTERED	1
#define ENABLED		2
static volatile uint64_t stage;
static void second(uint64_t argument)
{
	(void)argument;
	EXPECT_EQ(0, sdei(SDEI_STATUS, 0, 0, 0));
	EXPECT_EQ(SDEI_DENIED, sdei(SDEI_ENABLE, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_REGISTER, 0, (uint64_t)sdei_entry, 2));
	EXPECT_EQ(REGISTERED, sdei(SDEI_STATUS, 0, 0, 0));
	store_release(&stage, 1);
	WAIT_FOR(load_acquire(&stage) == 2);
	EXPECT_EQ(REGISTERED, sdei(SDEI_STATUS, 0, 0, 0));	/* the other has unregistered its own */
}

static void again(uint64_t argument)
{
	(void)argument;
	EXPECT_EQ(0, sdei(SDEI_STATUS, 0, 0, 0));	/* forgotten when the PE went off */
	EXPECT_EQ(0, sdei(SDEI_PE_MASK, 0, 0, 0));
}

int main(void)
{
	EXPECT_EQ(0, sdei(SDEI_REGISTER, 0, (uint64_t)sdei_entry, 1));
	EXPECT_EQ(0, sdei(SDEI_ENABLE, 0, 0, 0));
	pe_on(1, second, 0);
	WAIT_FOR(load_acquire(&stage) == 1);
	EXPECT_EQ(REGISTERED | ENABLED, sdei(SDEI_STATUS, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_UNREGISTER, 0, 0, 0));
	store_release(&stage, 2);
	pe_wait_off(1);
	pe_on(1, again, 0);
	pe_wait_off(1);
	return 0;
}
