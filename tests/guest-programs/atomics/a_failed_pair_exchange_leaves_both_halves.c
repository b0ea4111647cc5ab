/* machine: cpus=2 bound=120s */
#include "mmu.h"
#include "smp.h"
/* CASP whose high half another PE keeps changing, with a low half that must never be seen unless the exchange was made. */
enum { ROUNDS = 100000 };
static uint64_t pair[2] __attribute__((aligned(16)));
static volatile uint64_t end, ready, made;

static void second(uint64_t argument)
{
	uint64_t high = 0;

	(void)argument;
	mmu_enable();
	store_release(&ready, 1);
	while (!load_acquire(&end)) {
		uint64_t low;

		/* An odd high half never matches: what is in the low half then stays. */
		__atomic_store_n(&pair[1], ++high | 1, __ATOMIC_SEQ_CST);
		low = __atomic_load_n(&pair[0], __ATOMIC_SEQ_CST);
		for (int look = 0; look < 8; look++)
			EXPECT_EQ(low, __atomic_load_n(&pair[0], __ATOMIC_SEQ_CST));
		__atomic_store_n(&pair[1], 0, __ATOMIC_SEQ_CST);
	}
}

int main(void)
{
	mmu_on();
	pe_on(1, second, 0);
	WAIT_FOR(load_acquire(&ready));
	for (uint64_t round = 0; round < ROUNDS; round++) {
		register uint64_t low __asm__("x0") = made;
		register uint64_t high __asm__("x1") = 0;
		register uint64_t new_low __asm__("x2") = made + 1;
		register uint64_t new_high __asm__("x3") = 0;

		__asm__ volatile(".arch_extension lse\n caspal x0, x1, x2, x3, %2"
			: "+r"(low), "+r"(high), "+Q"(pair) : "r"(new_low), "r"(new_high) : "memory");
		EXPECT_EQ(made, low);
		if (!high)
			made++;
	}
	store_release(&end, 1);
	pe_wait_off(1);
	EXPECT_EQ(made, pair[0]);
	return 0;
}
