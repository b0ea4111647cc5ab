#include "guest.h"
#define CPU_ON			0xC4000003
#define INVALID_PARAMETERS	(-2L)
#define ALREADY_ON		(-4L)
#define INVALID_ADDRESS		(-9L)
extern char _start[];
int main(void)
{
	uint64_t self = read_mpidr() & 0xff00ffffff;

	EXPECT_EQ(ALREADY_ON, hvc(CPU_ON, self, (uint64_t)_start, 0, 0, 0));
	EXPECT_EQ(INVALID_PARAMETERS, hvc(CPU_ON, self + 1, (uint64_t)_start, 0, 0, 0));
	EXPECT_EQ(INVALID_PARAMETERS, hvc(CPU_ON, ~0ULL, (uint64_t)_start, 0, 0, 0));
	EXPECT_EQ(INVALID_ADDRESS, hvc(CPU_ON, self, UART, 0, 0, 0));
	return 0;
}
