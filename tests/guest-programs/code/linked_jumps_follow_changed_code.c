#include "code.h"
/* Many routines in one page that call each other, warm; then one of them is changed, and every way to it must lead to the new words. */
enum { ROUTINES = 16, WORDS = 60 };
int main(void)
{
	volatile uint32_t *code = frame_of_code(0);

	mmu_on();
	map_code(0, 0);
	/* Routine n adds n and goes on at n + 1; the last returns. Far enough from each other to be units of their own. */
	for (int n = 0; n < ROUTINES; n++) {
		code[n * WORDS] = INSN_ADD_W0(n);
		code[n * WORDS + 1] = n + 1 < ROUTINES ? INSN_B(WORDS - 1) : INSN_RET;
	}
	make_all_visible();
	for (int again = 0; again < 3; again++)
		EXPECT_EQ(ROUTINES * (ROUTINES - 1) / 2, call(code_at(0, 0)));
	for (int n = 0; n < ROUTINES; n++) {
		int64_t others = ROUTINES * (ROUTINES - 1) / 2 - n;

		code[n * WORDS] = INSN_ADD_W0(1000);
		make_visible(&code[n * WORDS]);
		EXPECT_EQ(others + 1000, call(code_at(0, 0)));
		EXPECT_EQ(others + 1000, call(code_at(0, 0)));
		code[n * WORDS] = INSN_ADD_W0(n);
		make_visible(&code[n * WORDS]);
		EXPECT_EQ(others + n, call(code_at(0, 0)));
	}
	return 0;
}
