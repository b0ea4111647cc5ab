/* machine: cpus=2 bound=120s */
#include "mmu.h"
#include "smp.h"
/* Code in a page that two addresses lead to: one PE writes it through one, the other executes it through the other. */
enum { ROUNDS = 3000 };
static volatile uint64_t written, ready;
static void write_code(uint64_t value)
{
	volatile uint32_t *code = (volatile uint32_t *)0x41000000;

	code[0] = 0x52800000 | (uint32_t)value << 5;	/* mov w0, #value */
	__asm__ volatile("dc cvau, %0\n dsb ish\n ic ivau, %1\n dsb ish\n isb" :: "r"(code), "r"(MMU_WINDOW) : "memory");
}

static void second(uint64_t argument)
{
	(void)argument;
	mmu_enable();
	store_release(&ready, 1);
	for (uint64_t before; (before = load_acquire(&written)) < ROUNDS;) {
		uint64_t seen;

		__asm__ volatile("isb" ::: "memory");
		seen = (uint64_t)((int (*)(void))MMU_WINDOW)();
		if (seen < before)
			guest_fail("old code", __FILE__, __LINE__, before, seen);
	}
}

int main(void)
{
	((volatile uint32_t *)0x41000000)[1] = 0xd65f03c0;	/* ret */
	mmu_on();
	mmu_map(0, 0x41000000 | PTE_PAGE | PTE_NORMAL | PTE_SHARED | PTE_AF | PTE_UXN);
	write_code(0);
	pe_on(1, second, 0);
	WAIT_FOR(load_acquire(&ready));
	for (uint64_t value = 1; value <= ROUNDS; value++) {
		write_code(value);
		store_release(&written, value);
	}
	pe_wait_off(1);
	return 0;
}
