#include "guest.h"
int main(void)
{
	EXPECT_EQ(SDEI_INVALID, sdei(SDEI_REGISTER, 0x12345, (uint64_t)sdei_entry, 0));
	EXPECT_EQ(SDEI_INVALID, hvc(SDEI_REGISTER, 0, (uint64_t)sdei_entry, 0, ~0ULL, 0));
	return 0;
}
