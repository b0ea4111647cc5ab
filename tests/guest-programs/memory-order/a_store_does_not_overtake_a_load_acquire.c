/* machine: cpus=2 bound=120s */
#include "litmus.h"
/* LB: no load sees a store that depends on it. */
static void first(litmus_note *notes)
{
	for (uint64_t n = 1; n <= NUMBERS; n++) {
		notes[n][0] = LOAD_ACQUIRE(&litmus_y);
		NO_BARRIER;
		STORE(&litmus_x, n);
	}
}

static void second(litmus_note *notes)
{
	for (uint64_t n = 1; n <= NUMBERS; n++) {
		notes[n][0] = LOAD_ACQUIRE(&litmus_x);
		NO_BARRIER;
		STORE(&litmus_y, n);
	}
}

int main(void)
{
	EXPECT_EQ(0, litmus(first, second, both_seen));
	return 0;
}
