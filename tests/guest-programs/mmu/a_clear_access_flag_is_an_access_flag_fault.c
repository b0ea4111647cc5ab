#include "mmu.h"
static volatile uint64_t syndrome, address, faults;
bool on_exception(int kind, struct frame *frame)
{
	syndrome = READ_SYSREG(esr_el1);
	address = READ_SYSREG(far_el1);
	faults++;
	frame->elr += 4;
	return kind == VECTOR_SYNC_SAME || kind == VECTOR_SYNC_LOWER;
}

int main(void)
{
	mmu_on();
	mmu_map(0, 0x41000000 | PTE_PAGE | (PTE_DATA & ~PTE_AF));
	(void)window(0)[0];
	EXPECT_EQ(1, faults);
	EXPECT_EQ(ACCESS_FLAG_FAULT | LEVEL_3, ESR_STATUS(syndrome));
	/* A descriptor with this fault is not cached: setting the flag is enough. */
	mmu_map(0, 0x41000000 | PTE_PAGE | PTE_DATA);
	(void)window(0)[0];
	EXPECT_EQ(1, faults);
	return 0;
}
