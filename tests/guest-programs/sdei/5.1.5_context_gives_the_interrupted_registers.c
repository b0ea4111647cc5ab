#include "guest.h"
static volatile int64_t x9, x18, low;
uint64_t sdei_handler(uint64_t event, uint64_t argument, uint64_t pc, uint64_t pstate)
{
	(void)event; (void)argument; (void)pc; (void)pstate;
	x9 = sdei(SDEI_CONTEXT, 9, 0, 0);
	x18 = sdei(SDEI_CONTEXT, 18, 0, 0);
	low = sdei(SDEI_CONTEXT, 0, 0, 0);
	return 0;
}
int main(void)
{
	uint64_t after;

	EXPECT_EQ(SDEI_DENIED, sdei(SDEI_CONTEXT, 0, 0, 0));	/* no handler runs */
	EXPECT_EQ(0, sdei(SDEI_REGISTER, 0, (uint64_t)sdei_entry, 0));
	EXPECT_EQ(0, sdei(SDEI_ENABLE, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_PE_UNMASK, 0, 0, 0));
	__asm__ volatile(
		"mov x9, #0x5a5a\n"
		"ldr x0, =0xC400002F\n"
		"mov x1, #0\n"
		"mrs x2, mpidr_el1\n"
		"and x2, x2, #0xffffff\n"
		"hvc #0\n"
		"mov %0, x9\n" : "=r"(after) :: "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",
		"x13", "x14", "x15", "x16", "x17", "x18", "memory");
	EXPECT_EQ(0x5a5a, x9);
	EXPECT_EQ(SDEI_INVALID, x18);
	EXPECT_EQ(0, low);		/* the signalling call's own result */
	EXPECT_EQ(0x5a5a, after);	/* and COMPLETE gave it back */
	return 0;
}
