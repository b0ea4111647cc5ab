/* machine: cpus=2 bound=120s */
#include "mmu.h"
#include "smp.h"
/*
 * The first PE maps page after page at one address, each with a greater number in it, by break-before-make. Once it has said "round n"
 * nobody may see a page of before: the second PE reads the round first and then the page.
 */
enum { ROUNDS = 8000 };
static volatile uint64_t round_now, ready, checks;
static volatile uint64_t *page(uint64_t round) { return (volatile uint64_t *)(0x41000000 + round % 2 * 4096); }

bool on_exception(int kind, struct frame *frame)
{
	uint64_t syndrome = READ_SYSREG(esr_el1);

	(void)frame;
	/* Between break and make: again. */
	return kind == VECTOR_SYNC_SAME && ESR_CLASS(syndrome) == CLASS_DATA_EL1 && ESR_STATUS(syndrome) == (TRANSLATION_FAULT | LEVEL_3);
}

static void second(uint64_t argument)
{
	(void)argument;
	mmu_enable();
	store_release(&ready, 1);
	for (uint64_t round; (round = load_acquire(&round_now)) < ROUNDS;) {
		uint64_t seen = window(3)[7];

		if (seen < round)
			guest_fail("stale translation", __FILE__, __LINE__, round, seen);
		checks++;
	}
}

static void invalidate(uint64_t kind)
{
	uint64_t va = (MMU_WINDOW + 3 * 4096) >> 12;

	__asm__ volatile("dsb ishst" ::: "memory");
	switch (kind) {
	case 0: __asm__ volatile("tlbi vae1is, %0" :: "r"(va) : "memory"); break;
	case 1: __asm__ volatile("tlbi vaae1is, %0" :: "r"(va) : "memory"); break;
	case 2: __asm__ volatile("tlbi vale1is, %0" :: "r"(va) : "memory"); break;
	case 3: __asm__ volatile("tlbi vaale1is, %0" :: "r"(va) : "memory"); break;
	default: __asm__ volatile("tlbi vmalle1is" ::: "memory"); break;
	}
	__asm__ volatile("dsb ish\n isb" ::: "memory");
}

int main(void)
{
	mmu_on();
	page(0)[7] = 0;
	mmu_map(3, (uint64_t)page(0) | PTE_PAGE | PTE_DATA);
	pe_on(1, second, 0);
	WAIT_FOR(load_acquire(&ready));
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		page(round)[7] = round;
		mmu_map(3, 0);
		invalidate(round % 5);
		mmu_map(3, (uint64_t)page(round) | PTE_PAGE | PTE_DATA);
		store_release(&round_now, round);
	}
	pe_wait_off(1);
	EXPECT(checks > 0);
	return 0;
}
