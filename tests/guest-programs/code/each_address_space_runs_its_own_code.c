#include "code.h"
/*
 * Two address spaces with other code at the same address, not global: a switch of TTBR0_EL1 with another ASID needs no invalidation, and one
 * that keeps the ASID needs TLBI ASIDE1.
 */
#define PTE_NOT_GLOBAL	BIT(11)
enum { ROUNDS = 300 };
static uint64_t root[512] __attribute__((aligned(4096))), middle[512] __attribute__((aligned(4096))), pages[512] __attribute__((aligned(4096)));

static void switch_to(uint64_t table, uint64_t asid) { WRITE_SYSREG(ttbr0_el1, table | asid << 48); }

int main(void)
{
	uint64_t first, *table;

	mmu_on();
	first = READ_SYSREG(ttbr0_el1);
	table = (uint64_t *)first;
	for (int n = 0; n < 512; n++)
		root[n] = table[n];
	root[2] = (uint64_t)middle | PTE_TABLE;
	middle[0] = (uint64_t)pages | PTE_TABLE;
	for (int frame = 0; frame < 2; frame++) {
		frame_of_code(frame)[0] = INSN_MOV_W0(7 + frame);
		frame_of_code(frame)[1] = INSN_RET;
	}
	mmu_map(0, (uint64_t)frame_of_code(0) | PTE_CODE | PTE_NOT_GLOBAL);
	pages[0] = (uint64_t)frame_of_code(1) | PTE_CODE | PTE_NOT_GLOBAL;
	make_all_visible();
	for (int round = 0; round < ROUNDS; round++) {
		switch_to(first, 1);
		EXPECT_EQ(7, call(MMU_WINDOW));
		switch_to((uint64_t)root, 2);
		EXPECT_EQ(8, call(MMU_WINDOW));
	}
	for (int round = 0; round < ROUNDS; round++) {
		switch_to(round % 2 ? first : (uint64_t)root, 3);
		__asm__ volatile("tlbi aside1, %0\n dsb ish\n isb" :: "r"(3UL << 48) : "memory");
		EXPECT_EQ(round % 2 ? 7 : 8, call(MMU_WINDOW));
	}
	return 0;
}
