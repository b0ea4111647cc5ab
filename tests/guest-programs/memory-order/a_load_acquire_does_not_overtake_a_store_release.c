/* machine: cpus=2 bound=120s */
#include "litmus.h"
/* SB: LDAR is not performed before an STLR that precedes it (B2.3.7). */
static void first(litmus_note *notes)
{
	for (uint64_t n = 1; n <= NUMBERS; n++) {
		STORE_RELEASE(&litmus_x, n);
		NO_BARRIER;
		notes[n][0] = LOAD_ACQUIRE(&litmus_y);
	}
}

static void second(litmus_note *notes)
{
	for (uint64_t n = 1; n <= NUMBERS; n++) {
		STORE_RELEASE(&litmus_y, n);
		NO_BARRIER;
		notes[n][0] = LOAD_ACQUIRE(&litmus_x);
	}
}

int main(void)
{
	EXPECT_EQ(0, litmus(first, second, neither_seen));
	return 0;
}
