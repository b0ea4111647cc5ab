#include "guest.h"
#define AFFINITY_INFO		0xC4000004
#define INVALID_PARAMETERS	(-2L)
int main(void)
{
	uint64_t self = read_mpidr() & 0xff00ffffff;

	EXPECT_EQ(0, hvc(AFFINITY_INFO, self, 0, 0, 0, 0));	/* on */
	EXPECT_EQ(0, hvc(AFFINITY_INFO, self, 1, 0, 0, 0));
	EXPECT_EQ(INVALID_PARAMETERS, hvc(AFFINITY_INFO, self + 1, 0, 0, 0, 0));
	EXPECT_EQ(INVALID_PARAMETERS, hvc(AFFINITY_INFO, self, 4, 0, 0, 0));
	return 0;
}
