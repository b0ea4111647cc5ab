/* machine: cpus=2 bound=60s */
#include "mmu.h"
#include "smp.h"
/* Invalidations reach a PE that is not executing: it sleeps, or it was switched off and comes on again. */
enum { ROUNDS = 200 };
static volatile uint64_t ready, expected, checked;
static volatile uint64_t *page(uint64_t round) { return (volatile uint64_t *)(0x41000000 + round % 2 * 4096); }

static void remap(uint64_t round)
{
	page(round)[0] = round;
	mmu_map(2, 0);
	tlb_invalidate((uint64_t)window(2));
	mmu_map(2, (uint64_t)page(round) | PTE_PAGE | PTE_DATA);
}

static void second(uint64_t round)
{
	uint32_t intid;

	gic_init();
	gic_enable_ppi(1);
	mmu_enable();
	EXPECT_EQ(round, window(2)[0]);		/* after it was off */
	store_release(&ready, round);
	while ((intid = gic_acknowledge()) == 1023)
		wfi();
	gic_end(intid);
	EXPECT_EQ(expected, window(2)[0]);	/* after it slept */
	store_release(&checked, round);
}

int main(void)
{
	gic_init();
	mmu_on();
	for (uint64_t round = 2; round < 2 * ROUNDS; round += 2) {
		remap(round);
		pe_on(1, second, round);
		WAIT_FOR(load_acquire(&ready) == round);
		for (uint64_t end = now() + milliseconds(1) / 4; now() < end;)
			;	/* it goes to sleep meanwhile */
		remap(round + 1);
		store_release(&expected, round + 1);
		sgi(1, 1);
		WAIT_FOR(load_acquire(&checked) == round);
		pe_wait_off(1);
	}
	return 0;
}
