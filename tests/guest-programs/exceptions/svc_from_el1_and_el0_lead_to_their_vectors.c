#include "guest.h"
static volatile int same, lower;
bool on_exception(int kind, struct frame *frame)
{
	(void)frame;
	if (READ_SYSREG(esr_el1) != (0x15ULL << 26 | BIT(25) | 0x21))
		return false;
	same += kind == VECTOR_SYNC_SAME;
	lower += kind == VECTOR_SYNC_LOWER;
	return true;
}
static int64_t call(uint64_t argument)
{
	__asm__ volatile("svc #0x21" ::: "memory");
	return (int64_t)argument + 1;
}
int main(void)
{
	__asm__ volatile("svc #0x21" ::: "memory");
	EXPECT_EQ(1, same);
	EXPECT_EQ(42, run_at_el0(call, 41));
	EXPECT_EQ(1, lower);
	EXPECT_EQ(1, same);
	return 0;
}
