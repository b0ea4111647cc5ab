#include "mmu.h"
int main(void)
{
	*(volatile uint64_t *)0x41000000 = 1;
	*(volatile uint64_t *)0x41001000 = 2;
	mmu_on();
	for (int turn = 0; turn < 100; turn++) {
		mmu_map(0, (turn % 2 ? 0x41001000 : 0x41000000) | PTE_PAGE | PTE_DATA);
		tlb_invalidate(MMU_WINDOW);
		EXPECT_EQ(turn % 2 ? 2 : 1, window(0)[0]);
	}
	return 0;
}
