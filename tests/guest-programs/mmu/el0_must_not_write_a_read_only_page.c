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

static int64_t store(uint64_t to)
{
	*(volatile uint64_t *)to = 99;
	return 7;
}
int main(void)
{
	mmu_on();
	*(volatile uint64_t *)0x41000000 = 5;
	mmu_map(0, 0x41000000 | PTE_PAGE | PTE_DATA | PTE_READ_ONLY);
	EXPECT_EQ(5, window(0)[0]);
	EXPECT_EQ(7, run_at_el0(store, MMU_WINDOW));
	EXPECT_EQ(1, faults);
	EXPECT_EQ(CLASS_DATA_EL0, ESR_CLASS(syndrome));
	EXPECT_EQ(PERMISSION_FAULT | LEVEL_3, ESR_STATUS(syndrome));
	EXPECT_EQ(ESR_WRITE, syndrome & ESR_WRITE);
	EXPECT_EQ(MMU_WINDOW, address);
	EXPECT_EQ(5, *(volatile uint64_t *)0x41000000);
	return 0;
}
