#include "code.h"
/*
 * A routine stores a word a few instructions ahead of itself, in the same straight run, and in a loop around it; after DC CVAU, IC IVAU and ISB
 * the new word is executed, though the old one was translated with the rest.
 */
static uint64_t run(uint64_t rounds)
{
	register uint64_t x0 __asm__("x0") = 0;
	register uint64_t x1 __asm__("x1") = rounds;
	register uint64_t x2 __asm__("x2") = INSN_ADD_W0(1);
	register uint64_t x3 __asm__("x3") = MMU_WINDOW;

	__asm__ volatile("blr %3" : "+r"(x0), "+r"(x1), "+r"(x2) : "r"(x3) : "x4", "x30", "cc", "memory");
	return x0;
}

__asm__(
"	.pushsection .rodata\n"
"	.balign 4\n"
"routine:\n"
"1:	adr	x4, 2f\n"
"	str	w2, [x4]\n"
"	dc	cvau, x4\n"
"	dsb	ish\n"
"	ic	ivau, x4\n"
"	dsb	ish\n"
"	isb\n"
"2:	add	w0, w0, #0\n"
"	add	w2, w2, #1024\n"	/* The next round adds one more. */
"	subs	x1, x1, #1\n"
"	b.ne	1b\n"
"	ret\n"
"routine_end:\n"
"	.popsection\n");

int main(void)
{
	extern const uint32_t routine[], routine_end[];

	mmu_on();
	map_code(0, 0);
	for (int n = 0; &routine[n] < routine_end; n++)
		frame_of_code(0)[n] = routine[n];
	make_all_visible();
	EXPECT_EQ(1, run(1));
	EXPECT_EQ(100 * 101 / 2, run(100));
	EXPECT_EQ(1, run(1));
	return 0;
}
