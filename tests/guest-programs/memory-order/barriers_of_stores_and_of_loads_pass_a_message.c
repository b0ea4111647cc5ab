/* machine: cpus=2 bound=120s */
#include "litmus.h"
/* MP: who sees the flag sees the message. */
static void first(litmus_note *notes)
{
	for (uint64_t n = 1; n <= NUMBERS; n++) {
		STORE(&litmus_x, n);
		DMB(ishst);
		STORE(&litmus_y, n);
		notes[n][0] = n;
	}
}

static void second(litmus_note *notes)
{
	for (uint64_t n = 1; n <= NUMBERS; n++) {
		notes[n][0] = LOAD(&litmus_y);
		DMB(ishld);
		notes[n][1] = LOAD(&litmus_x);
	}
}

int main(void)
{
	EXPECT_EQ(0, litmus(first, second, flag_without_message));
	return 0;
}
