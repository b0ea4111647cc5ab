/* machine: cpus=4 bound=120s */
#include "mmu.h"
#include "smp.h"
/* Neighbours of every size in one granule; whoever stores there must not lose what another has added. */
enum { ROUNDS = 20000 };
static struct {
	uint64_t	pair[2], doubleword;
	uint32_t	word_pair[2], word;
	uint16_t	halfword;
	uint8_t		byte;
} shared __attribute__((aligned(64)));
static struct meeting start;

#define INCREMENT(type, load, store, width, location)								\
	do {													\
		type value_;											\
		uint32_t status_;										\
		__asm__ volatile("1: " load " %" width "0, %2\n add %w0, %w0, #1\n " store " %w1, %" width "0, %2\n cbnz %w1, 1b"	\
			: "=&r"(value_), "=&r"(status_), "+Q"(location) :: "memory");				\
	} while (0)

static void count(uint64_t argument)
{
	if (argument)
		mmu_enable();
	meet(&start, MOST_PES);
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t low, high, status;

		INCREMENT(uint64_t, "ldxr", "stxr", "x", shared.doubleword);
		INCREMENT(uint32_t, "ldaxr", "stlxr", "w", shared.word);
		INCREMENT(uint32_t, "ldxrh", "stxrh", "w", shared.halfword);
		INCREMENT(uint32_t, "ldxrb", "stxrb", "w", shared.byte);
		__asm__ volatile("1: ldxp %0, %1, %3\n add %0, %0, #1\n add %1, %1, #2\n stxp %w2, %0, %1, %3\n cbnz %w2, 1b"
			: "=&r"(low), "=&r"(high), "=&r"(status), "+Q"(shared.pair) :: "memory");
		__asm__ volatile("1: ldxp %w0, %w1, %3\n add %w0, %w0, #1\n add %w1, %w1, #2\n stxp %w2, %w0, %w1, %3\n cbnz %w2, 1b"
			: "=&r"(low), "=&r"(high), "=&r"(status), "+Q"(shared.word_pair) :: "memory");
	}
}

int main(void)
{
	uint64_t all = (uint64_t)MOST_PES * ROUNDS;

	mmu_on();
	for (int pe = 1; pe < MOST_PES; pe++)
		pe_on(pe, count, 1);
	count(0);
	for (int pe = 1; pe < MOST_PES; pe++)
		pe_wait_off(pe);
	EXPECT_EQ(all, shared.doubleword);
	EXPECT_EQ(all, shared.word);
	EXPECT_EQ(all & 0xffff, shared.halfword);
	EXPECT_EQ(all & 0xff, shared.byte);
	EXPECT_EQ(all, shared.pair[0]);
	EXPECT_EQ(2 * all, shared.pair[1]);
	EXPECT_EQ(all, shared.word_pair[0]);
	EXPECT_EQ(2 * all, shared.word_pair[1]);
	return 0;
}
