#include "guest.h"
int main(void)
{
	EXPECT_EQ(0, sdei(SDEI_REGISTER, 0, (uint64_t)sdei_entry, 0));
	EXPECT_EQ(0, sdei(SDEI_ENABLE, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_PRIVATE_RESET, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_STATUS, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_SHARED_RESET, 0, 0, 0));
	return 0;
}
