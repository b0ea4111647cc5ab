/* machine: cpus=4 bound=120s */
#include "mmu.h"
#include "smp.h"
enum { ROUNDS = 20000 };
static struct {
	uint64_t	sum, swapped, set, flipped, greatest;
	uint32_t	word;
	uint16_t	halfword;
	uint8_t		byte;
} shared __attribute__((aligned(64)));
static uint64_t swapped_out[MOST_PES];
static struct meeting start;

static void count(uint64_t argument)
{
	uint64_t self = (uint64_t)pe_self(), old, taken = 0;

	if (argument)
		mmu_enable();
	meet(&start, MOST_PES);
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		uint64_t mine = round * MOST_PES + self;

		__asm__ volatile(".arch_extension lse\n ldadd %1, %0, %2" : "=r"(old) : "r"(self + 1), "Q"(shared.sum) : "memory");
		__asm__ volatile(".arch_extension lse\n ldadda %w1, %w0, %2" : "=r"(old) : "r"(1), "Q"(shared.word) : "memory");
		__asm__ volatile(".arch_extension lse\n ldaddlh %w1, %w0, %2" : "=r"(old) : "r"(1), "Q"(shared.halfword) : "memory");
		__asm__ volatile(".arch_extension lse\n ldaddalb %w1, %w0, %2" : "=r"(old) : "r"(1), "Q"(shared.byte) : "memory");
		__asm__ volatile(".arch_extension lse\n ldsmax %1, %0, %2" : "=r"(old) : "r"(mine), "Q"(shared.greatest) : "memory");
		__asm__ volatile(".arch_extension lse\n ldset %1, %0, %2" : "=r"(old) : "r"(1ULL << (round % 16 * 4 + self)), "Q"(shared.set) : "memory");
		__asm__ volatile(".arch_extension lse\n ldeor %1, %0, %2" : "=r"(old) : "r"(mine), "Q"(shared.flipped) : "memory");
		/* Every value that is put in is taken out once, or is there in the end. */
		__asm__ volatile(".arch_extension lse\n swp %1, %0, %2" : "=r"(old) : "r"(mine), "Q"(shared.swapped) : "memory");
		taken += old;
	}
	swapped_out[self] = taken;
}

int main(void)
{
	uint64_t all = (uint64_t)MOST_PES * ROUNDS, flipped = 0, put_in = 0, taken_out = 0;

	mmu_on();
	for (int pe = 1; pe < MOST_PES; pe++)
		pe_on(pe, count, 1);
	count(0);
	for (int pe = 1; pe < MOST_PES; pe++)
		pe_wait_off(pe);
	for (uint64_t value = MOST_PES; value < (ROUNDS + 1) * MOST_PES; value++) {
		flipped ^= value;
		put_in += value;
	}
	for (int pe = 0; pe < MOST_PES; pe++)
		taken_out += swapped_out[pe];
	EXPECT_EQ((1 + 2 + 3 + 4) * (uint64_t)ROUNDS, shared.sum);
	EXPECT_EQ(all, shared.word);
	EXPECT_EQ(all & 0xffff, shared.halfword);
	EXPECT_EQ(all & 0xff, shared.byte);
	EXPECT_EQ((ROUNDS + 1) * MOST_PES - 1, shared.greatest);
	EXPECT_EQ(~0ULL, shared.set);
	EXPECT_EQ(flipped, shared.flipped);
	EXPECT_EQ(put_in, taken_out + shared.swapped);
	return 0;
}
