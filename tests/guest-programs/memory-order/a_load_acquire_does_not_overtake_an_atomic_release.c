/* machine: cpus=2 bound=120s */
#include "litmus.h"
/* SB: nor before an atomic with release. */
static void first(litmus_note *notes)
{
	for (uint64_t n = 1; n <= NUMBERS; n++) {
		SWAP_AL(&litmus_x, n);
		NO_BARRIER;
		notes[n][0] = LOAD_ACQUIRE(&litmus_y);
	}
}

static void second(litmus_note *notes)
{
	for (uint64_t n = 1; n <= NUMBERS; n++) {
		SWAP_AL(&litmus_y, n);
		NO_BARRIER;
		notes[n][0] = LOAD_ACQUIRE(&litmus_x);
	}
}

int main(void)
{
	EXPECT_EQ(0, litmus(first, second, neither_seen));
	return 0;
}
