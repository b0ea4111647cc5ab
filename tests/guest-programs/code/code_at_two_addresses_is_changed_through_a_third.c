#include "code.h"
/* One frame of code at two addresses; written at its own, made visible by any of them or by IC IALLU. */
int main(void)
{
	mmu_on();
	map_code(0, 0);
	map_code(5, 0);
	for (int round = 0; round < 300; round++) {
		volatile uint32_t *code = frame_of_code(0);

		code[0] = INSN_MOV_W0(round);
		code[1] = INSN_ADD_W0(round % 7);
		code[2] = INSN_RET;
		if (round % 3 == 0)
			make_visible(code);
		else if (round % 3 == 1)
			make_visible((volatile uint32_t *)code_at(round % 2 ? 5 : 0, 0));
		else
			make_all_visible();
		for (int again = 0; again < 3; again++) {
			EXPECT_EQ(round + round % 7, call(code_at(0, 0)));
			EXPECT_EQ(round + round % 7, call(code_at(5, 0)));
			EXPECT_EQ(round % 7, call(code_at(0, 1)));
		}
	}
	return 0;
}
