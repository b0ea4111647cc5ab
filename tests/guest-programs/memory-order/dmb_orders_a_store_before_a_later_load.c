/* machine: cpus=2 bound=120s */
#include "litmus.h"
/* SB: one of two PEs sees the other's store when both have a barrier between store and load. */
static void first(litmus_note *notes)
{
	for (uint64_t n = 1; n <= NUMBERS; n++) {
		STORE(&litmus_x, n);
		DMB(ish);
		notes[n][0] = LOAD(&litmus_y);
	}
}

static void second(litmus_note *notes)
{
	for (uint64_t n = 1; n <= NUMBERS; n++) {
		STORE(&litmus_y, n);
		DMB(ish);
		notes[n][0] = LOAD(&litmus_x);
	}
}

int main(void)
{
	EXPECT_EQ(0, litmus(first, second, neither_seen));
	return 0;
}
