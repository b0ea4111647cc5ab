#include "guest.h"
static volatile int undefined;
bool on_exception(int kind, struct frame *frame)
{
	if (kind != VECTOR_SYNC_SAME || READ_SYSREG(esr_el1) != BIT(25))	/* EC 0, IL */
		return false;
	undefined++;
	frame->elr += 4;
	return true;
}
int main(void)
{
	__asm__ volatile("mrs x0, S3_0_C15_C15_7" ::: "x0");
	__asm__ volatile("msr S3_0_C15_C15_7, x0");
	__asm__ volatile("mrs x0, S3_4_C1_C0_0" ::: "x0");	/* SCTLR_EL2: there is no EL2 */
	__asm__ volatile(".word 0");				/* UDF #0 */
	EXPECT_EQ(4, undefined);
	return 0;
}
