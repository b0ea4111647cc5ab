#include "code.h"
/* The code in the window removes its own mapping. After TLBI, DSB and ISB the very next instruction cannot be fetched. */
static volatile uint64_t syndrome, address, faults;
bool on_exception(int kind, struct frame *frame)
{
	syndrome = READ_SYSREG(esr_el1);
	address = READ_SYSREG(far_el1);
	EXPECT_EQ(address, frame->elr);
	faults++;
	frame->elr = frame->x30;
	return kind == VECTOR_SYNC_SAME;
}

__asm__(
"	.pushsection .rodata\n"
"	.balign 4\n"
"routine:\n"
"	mov	x0, #1\n"
"	str	xzr, [x1]\n"
"	dsb	ishst\n"
"	tlbi	vaae1, x2\n"
"	dsb	ish\n"
"	isb\n"
"	mov	x0, #2\n"		/* Is not executed. */
"	ret\n"
"routine_end:\n"
"	.popsection\n");

int main(void)
{
	extern const uint32_t routine[], routine_end[];
	enum { ISB_END = 6 };

	mmu_on();
	for (int n = 0; &routine[n] < routine_end; n++)
		frame_of_code(0)[n] = routine[n];
	make_all_visible();
	for (int round = 1; round <= 50; round++) {
		int page = round % 3;

		map_code(page, 0);
		syndrome = address = 0;

		/* No call from here to the jump. */
		register uint64_t x0 __asm__("x0") = 0;
		register uint64_t x1 __asm__("x1") = (uint64_t)&mmu_window[page];
		register uint64_t x2 __asm__("x2") = code_at(page, 0) >> 12;
		register uint64_t x3 __asm__("x3") = code_at(page, 0);

		__asm__ volatile("blr %1" : "+r"(x0) : "r"(x3), "r"(x1), "r"(x2) : "x30", "memory");
		EXPECT_EQ(1, x0);
		EXPECT_EQ(round, faults);
		EXPECT_EQ(CLASS_INSTRUCTION_EL1, ESR_CLASS(syndrome));
		EXPECT_EQ(TRANSLATION_FAULT | LEVEL_3, ESR_STATUS(syndrome));
		EXPECT_EQ(code_at(page, ISB_END), address);
	}
	return 0;
}
