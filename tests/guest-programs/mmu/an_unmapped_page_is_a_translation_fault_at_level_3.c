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
	(void)window(5)[1];
	EXPECT_EQ(1, faults);
	EXPECT_EQ(CLASS_DATA_EL1, ESR_CLASS(syndrome));
	EXPECT_EQ(TRANSLATION_FAULT | LEVEL_3, ESR_STATUS(syndrome));
	EXPECT_EQ(0, syndrome & ESR_WRITE);
	EXPECT_EQ((uint64_t)&window(5)[1], address);
	window(6)[2] = 1;
	EXPECT_EQ(2, faults);
	EXPECT_EQ(ESR_WRITE, syndrome & ESR_WRITE);
	EXPECT_EQ((uint64_t)&window(6)[2], address);
	return 0;
}
