#include "code.h"
/* One address, several frames of code in turn, by break-before-make; nothing of the code is changed, so no IC is needed after the first time. */
enum { FRAMES = 4, ROUNDS = 400 };
int main(void)
{
	mmu_on();
	for (int frame = 0; frame < FRAMES; frame++) {
		frame_of_code(frame)[0] = INSN_MOV_W0(100 + frame);
		frame_of_code(frame)[1] = INSN_B(2);
		frame_of_code(frame)[2] = INSN_RET;
		frame_of_code(frame)[3] = INSN_ADD_W0(frame);
		frame_of_code(frame)[4] = INSN_B(-2);
	}
	make_all_visible();
	for (int round = 0; round < ROUNDS; round++) {
		int frame = round % FRAMES;

		mmu_map(0, 0);
		switch (round / FRAMES % 3) {
		case 0: tlb_invalidate(MMU_WINDOW); break;
		case 1: __asm__ volatile("dsb ishst\n tlbi vae1, %0\n dsb ish\n isb" :: "r"(MMU_WINDOW >> 12) : "memory"); break;
		default: __asm__ volatile("dsb ishst\n tlbi vmalle1\n dsb ish\n isb" ::: "memory"); break;
		}
		map_code(0, frame);
		for (int again = 0; again < 3; again++)
			EXPECT_EQ(100 + 2 * frame, call(MMU_WINDOW));
	}
	return 0;
}
