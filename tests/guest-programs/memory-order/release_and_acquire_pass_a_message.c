/* machine: cpus=2 bound=120s */
#include "litmus.h"
/* MP: the same by STLR and LDAR. */
static void first(litmus_note *notes)
{
	for (uint64_t n = 1; n <= NUMBERS; n++) {
		STORE(&litmus_x, n);
		NO_BARRIER;
		STORE_RELEASE(&litmus_y, n);
		notes[n][0] = n;
	}
}

static void second(litmus_note *notes)
{
	for (uint64_t n = 1; n <= NUMBERS; n++) {
		notes[n][0] = LOAD_ACQUIRE(&litmus_y);
		NO_BARRIER;
		notes[n][1] = LOAD(&litmus_x);
	}
}

int main(void)
{
	EXPECT_EQ(0, litmus(first, second, flag_without_message));
	return 0;
}
