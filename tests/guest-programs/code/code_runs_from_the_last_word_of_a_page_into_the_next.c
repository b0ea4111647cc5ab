#include "code.h"
/* Straight code over the edge of a page: the next page is another frame, then a changed one, then none at all. */
static volatile uint64_t syndrome, address, elr, x0_then, faults;
bool on_exception(int kind, struct frame *frame)
{
	syndrome = READ_SYSREG(esr_el1);
	address = READ_SYSREG(far_el1);
	elr = frame->elr;
	x0_then = frame->x[0];
	faults++;
	frame->elr = frame->x30;
	return kind == VECTOR_SYNC_SAME;
}

int main(void)
{
	enum { LAST = 1023 };

	mmu_on();
	frame_of_code(0)[LAST] = INSN_ADD_W0(1);
	for (int frame = 1; frame < 4; frame++) {
		frame_of_code(frame)[0] = INSN_ADD_W0(10 * frame);
		frame_of_code(frame)[1] = INSN_RET;
	}
	make_all_visible();
	map_code(0, 0);
	for (int round = 0; round < 60; round++) {
		int frame = 1 + round % 3;

		mmu_map(1, 0);
		tlb_invalidate(code_at(1, 0));
		map_code(1, frame);
		EXPECT_EQ(1 + 10 * frame, call(code_at(0, LAST)));
		frame_of_code(frame)[0] = INSN_ADD_W0(500 + round);
		make_visible(&frame_of_code(frame)[0]);
		EXPECT_EQ(501 + round, call(code_at(0, LAST)));
		frame_of_code(frame)[0] = INSN_ADD_W0(10 * frame);
		make_visible((volatile uint32_t *)code_at(1, 0));
		EXPECT_EQ(1 + 10 * frame, call(code_at(0, LAST)));
	}
	mmu_map(1, 0);
	tlb_invalidate(code_at(1, 0));
	for (int round = 1; round <= 3; round++) {
		(void)call(code_at(0, LAST));
		EXPECT_EQ(round, faults);
		EXPECT_EQ(1, x0_then);
		EXPECT_EQ(CLASS_INSTRUCTION_EL1, ESR_CLASS(syndrome));
		EXPECT_EQ(TRANSLATION_FAULT | LEVEL_3, ESR_STATUS(syndrome));
		EXPECT_EQ(code_at(1, 0), address);
		EXPECT_EQ(code_at(1, 0), elr);
	}
	return 0;
}
