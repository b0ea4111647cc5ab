#include "mmu.h"
static volatile uint64_t syndrome, address;
bool on_exception(int kind, struct frame *frame)
{
	syndrome = READ_SYSREG(esr_el1);
	address = READ_SYSREG(far_el1);
	frame->elr = frame->x30;	/* back to the caller */
	return kind == VECTOR_SYNC_SAME;
}
int main(void)
{
	mmu_on();
	*(volatile uint32_t *)0x41000000 = 0xd65f03c0;	/* ret */
	mmu_map(0, 0x41000000 | PTE_PAGE | PTE_DATA);
	((void (*)(void))MMU_WINDOW)();
	EXPECT_EQ(CLASS_INSTRUCTION_EL1, ESR_CLASS(syndrome));
	EXPECT_EQ(PERMISSION_FAULT | LEVEL_3, ESR_STATUS(syndrome));
	EXPECT_EQ(MMU_WINDOW, address);
	return 0;
}
