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

static int64_t load(uint64_t from) { return *(volatile int64_t *)from; }
int main(void)
{
	mmu_on();
	*(volatile uint64_t *)0x41000000 = 5;
	mmu_map(0, 0x41000000 | PTE_PAGE | (PTE_DATA & ~PTE_USER));
	EXPECT_EQ(5, window(0)[0]);
	EXPECT(run_at_el0(load, MMU_WINDOW) != 5);
	EXPECT_EQ(CLASS_DATA_EL0, ESR_CLASS(syndrome));
	EXPECT_EQ(PERMISSION_FAULT | LEVEL_3, ESR_STATUS(syndrome));
	return 0;
}
