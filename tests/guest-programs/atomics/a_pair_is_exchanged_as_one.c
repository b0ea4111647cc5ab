/* machine: cpus=2 bound=120s */
#include "mmu.h"
#include "smp.h"
/*
 * One PE moves a pair from (n, n) to (n + 1, n + 1) by CASP and by STXP; the other reads the halves one after the other (B2.2.1: such a store
 * is single-copy atomic). The half that is read later cannot be older.
 */
enum { ROUNDS = 300000 };
static uint64_t pair[2] __attribute__((aligned(16)));
static volatile uint64_t end, ready, reads, movements;

static void second(uint64_t argument)
{
	(void)argument;
	mmu_enable();
	store_release(&ready, 1);
	while (!load_acquire(&end)) {
		for (int first = 0; first < 2; first++) {
			uint64_t before = load_acquire(&pair[first]), after = load_acquire(&pair[1 - first]);

			if (after < before)
				guest_fail("half of a pair", __FILE__, __LINE__, before, after);
			movements += before != after;
			reads++;
		}
	}
}

static uint64_t exchange(uint64_t n)
{
	register uint64_t low __asm__("x0") = n;
	register uint64_t high __asm__("x1") = n;
	register uint64_t new_low __asm__("x2") = n + 1;
	register uint64_t new_high __asm__("x3") = n + 1;

	__asm__ volatile(".arch_extension lse\n caspal x0, x1, x2, x3, %2"
		: "+r"(low), "+r"(high), "+Q"(pair) : "r"(new_low), "r"(new_high) : "memory");
	return low == n && high == n;
}

static void exchange_by_exclusive(void)
{
	uint64_t low, high, status;

	__asm__ volatile("1: ldaxp %0, %1, %3\n add %0, %0, #1\n add %1, %1, #1\n stlxp %w2, %0, %1, %3\n cbnz %w2, 1b"
		: "=&r"(low), "=&r"(high), "=&r"(status), "+Q"(pair) :: "memory");
}

int main(void)
{
	mmu_on();
	pe_on(1, second, 0);
	WAIT_FOR(load_acquire(&ready));
	for (uint64_t n = 0; n < ROUNDS; n += 2) {
		EXPECT(exchange(n));
		exchange_by_exclusive();
	}
	store_release(&end, 1);
	pe_wait_off(1);
	EXPECT_EQ(ROUNDS, pair[0]);
	EXPECT_EQ(ROUNDS, pair[1]);
	EXPECT(reads > 0);
	return 0;
}
