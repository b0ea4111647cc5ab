#include "guest.h"
int main(void)
{
	EXPECT_EQ(0, sdei(SDEI_REGISTER, 0, (uint64_t)sdei_entry, 0));
	EXPECT_EQ(SDEI_DENIED, sdei(SDEI_REGISTER, 0, (uint64_t)sdei_entry, 0));
	return 0;
}
