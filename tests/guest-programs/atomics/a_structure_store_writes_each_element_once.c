/* machine: cpus=2 bound=120s */
#include "mmu.h"
#include "smp.h"
/* The first PE stores ever greater numbers in three elements at once; what the second takes out of the middle does not come back. */
enum { ROUNDS = 1000000 };
static uint64_t lines[16] __attribute__((aligned(64)));
#define elements (*(uint64_t (*)[3])&lines[6])	/* across two cache lines */
static volatile uint64_t end, ready;

static void second(uint64_t argument)
{
	(void)argument;
	mmu_enable();
	store_release(&ready, 1);
	while (!load_acquire(&end)) {
		uint64_t taken = __atomic_exchange_n(&elements[1], 0, __ATOMIC_ACQ_REL);

		for (int look = 0; look < 4; look++) {
			uint64_t seen = load_acquire(&elements[1]);

			if (seen && seen <= taken)
				guest_fail("written twice", __FILE__, __LINE__, taken + 1, seen);
		}
	}
}

int main(void)
{
	WRITE_SYSREG(cpacr_el1, 3 << 20);
	mmu_on();
	pe_on(1, second, 0);
	WAIT_FOR(load_acquire(&ready));
	for (uint64_t round = 1; round <= ROUNDS; round++)
		__asm__ volatile(
			".arch_extension simd\n"
			"fmov d0, %1\n fmov d1, %1\n fmov d2, %1\n"
			"st1 {v0.1d, v1.1d, v2.1d}, %0" : "=Q"(elements) : "r"(round));
	store_release(&end, 1);
	pe_wait_off(1);
	return 0;
}
