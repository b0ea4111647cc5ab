/* machine: cpus=2 bound=60s */
#include "smp.h"
static volatile uint64_t ready, taken;
static void second(uint64_t argument)
{
	uint32_t intid;

	(void)argument;
	gic_init();
	gic_enable_ppi(3);
	store_release(&ready, 1);
	while ((intid = gic_acknowledge()) == 1023)
		wfi();
	gic_end(intid);
	store_release(&taken, intid);
}

int main(void)
{
	gic_init();
	gic_enable_ppi(3);
	pe_on(1, second, 0);
	WAIT_FOR(load_acquire(&ready));
	sgi(3, 1);
	WAIT_FOR(load_acquire(&taken));
	EXPECT_EQ(3, taken);
	EXPECT_EQ(1023, gic_acknowledge());	/* it was not ours */
	return 0;
}
