#include "mmu.h"
int main(void)
{
	volatile uint64_t *direct = (volatile uint64_t *)0x41000000;

	mmu_on();
	mmu_map(3, 0x41000000 | PTE_PAGE | PTE_DATA);
	direct[1] = 0x1122334455667788;
	EXPECT_EQ(0x1122334455667788, window(3)[1]);
	window(3)[1] = 42;
	EXPECT_EQ(42, direct[1]);
	return 0;
}
