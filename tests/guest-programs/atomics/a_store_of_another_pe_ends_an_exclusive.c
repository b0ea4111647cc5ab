/* machine: cpus=2 bound=60s */
#include "mmu.h"
#include "smp.h"
/* The first PE holds a mark on a location while the second writes it in one way or another. */
static volatile uint64_t turn, written;
static uint64_t words[8] __attribute__((aligned(64)));

static void write_somehow(uint64_t how)
{
	uint64_t old, status;

	switch (how) {
	case 0: __atomic_store_n(&words[0], 2, __ATOMIC_RELAXED); break;
	case 1: __atomic_store_n((uint8_t *)&words[0] + 7, 2, __ATOMIC_RELAXED); break;
	case 2: __atomic_store_n(&words[0], 2, __ATOMIC_RELEASE); break;
	case 3: __asm__ volatile("stp %1, %1, %0" : "=Q"(words) : "r"(2UL)); break;
	case 4: __asm__ volatile("dc zva, %0" :: "r"(words) : "memory"); break;
	case 5: __asm__ volatile(".arch_extension lse\n ldadd %1, %0, %2" : "=r"(old) : "r"(1UL), "Q"(words[0]) : "memory"); break;
	case 6: __asm__ volatile(".arch_extension lse\n swp %1, %0, %2" : "=r"(old) : "r"(2UL), "Q"(words[0]) : "memory"); break;
	case 7: __asm__ volatile("1: ldxr %0, %2\n stxr %w1, %3, %2\n cbnz %w1, 1b" : "=&r"(old), "=&r"(status), "+Q"(words[0]) : "r"(2UL) : "memory"); break;
	}
}

static void second(uint64_t argument)
{
	(void)argument;
	mmu_enable();
	for (uint64_t how = 0; how < 8; how++) {
		WAIT_FOR(load_acquire(&turn) == how + 1);
		write_somehow(how);
		store_release(&written, how + 1);
	}
}

int main(void)
{
	mmu_on();
	pe_on(1, second, 0);
	for (uint64_t how = 0; how < 8; how++) {
		uint64_t value;
		uint32_t status;

		words[0] = 1;
		__asm__ volatile("ldxr %0, %1" : "=r"(value) : "Q"(words[0]) : "memory");
		EXPECT_EQ(1, value);
		store_release(&turn, how + 1);
		WAIT_FOR(load_acquire(&written) == how + 1);
		__asm__ volatile("stxr %w0, %2, %1" : "=&r"(status), "+Q"(words[0]) : "r"(99UL) : "memory");
		EXPECT_EQ(1, status);
		EXPECT(words[0] != 99 && words[0] != 1);
	}
	pe_wait_off(1);
	return 0;
}
