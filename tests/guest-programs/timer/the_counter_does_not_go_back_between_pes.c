/* machine: cpus=2 bound=60s */
#include "smp.h"
enum { ROUNDS = 3000 };
/* A reading, handed from one PE to the other. 0: the other's turn is over. */
static volatile uint64_t to_second, to_first;
static void second(uint64_t argument)
{
	(void)argument;
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t before;

		WAIT_FOR((before = load_acquire(&to_second)));
		to_second = 0;
		EXPECT(now() >= before);
		store_release(&to_first, now());
	}
}

int main(void)
{
	pe_on(1, second, 0);
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t before;

		store_release(&to_second, now());
		WAIT_FOR((before = load_acquire(&to_first)));
		to_first = 0;
		EXPECT(now() >= before);
	}
	pe_wait_off(1);
	return 0;
}
