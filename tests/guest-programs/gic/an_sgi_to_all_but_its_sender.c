/* machine: cpus=4 bound=60s */
#include "smp.h"
static volatile uint64_t ready[MOST_PES], taken[MOST_PES];
static void other(uint64_t argument)
{
	uint32_t intid;

	(void)argument;
	gic_init();
	gic_enable_ppi(7);
	store_release(&ready[pe_self()], 1);
	while ((intid = gic_acknowledge()) == 1023)
		wfi();
	gic_end(intid);
	store_release(&taken[pe_self()], intid);
}

int main(void)
{
	gic_init();
	gic_enable_ppi(7);
	for (int pe = 1; pe < MOST_PES; pe++)
		pe_on(pe, other, 0);
	for (int pe = 1; pe < MOST_PES; pe++)
		WAIT_FOR(load_acquire(&ready[pe]));
	WRITE_SYSREG(S3_0_C12_C11_5, 7 << 24 | BIT(40));	/* ICC_SGI1R_EL1.IRM */
	for (int pe = 1; pe < MOST_PES; pe++) {
		WAIT_FOR(load_acquire(&taken[pe]));
		EXPECT_EQ(7, taken[pe]);
	}
	EXPECT(!gic_is_pending(7));
	return 0;
}
