/* machine: cpus=2 bound=60s */
#include "smp.h"
enum { ROUNDS = 500 };
static volatile uint64_t last;
static void second(uint64_t argument)
{
	store_release(&last, argument);
}

int main(void)
{
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		pe_on(1, second, round);
		pe_wait_off(1);
		EXPECT_EQ(round, load_acquire(&last));
	}
	return 0;
}
