#include "guest.h"
static volatile int undefined;
bool on_exception(int kind, struct frame *frame)
{
	uint64_t class = READ_SYSREG(esr_el1) >> 26;

	/* UNDEFINED, or a trapped MRS/MSR. */
	if (kind != VECTOR_SYNC_LOWER || (class != 0 && class != 0x18))
		return false;
	undefined++;
	frame->elr += 4;
	return true;
}
static int64_t user(uint64_t argument)
{
	__asm__ volatile("mrs x0, sctlr_el1" ::: "x0");
	__asm__ volatile("msr vbar_el1, x0");
	__asm__ volatile("mrs x0, S3_0_C12_C12_0" ::: "x0");	/* ICC_IAR1_EL1 */
	__asm__ volatile("hvc #0" ::: "x0", "x1", "x2", "x3");	/* UNDEFINED at EL0 */
	return (int64_t)argument;
}
int main(void)
{
	EXPECT_EQ(5, run_at_el0(user, 5));
	EXPECT_EQ(4, undefined);
	return 0;
}
