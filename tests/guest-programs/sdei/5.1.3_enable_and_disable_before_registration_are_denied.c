#include "guest.h"
int main(void)
{
	EXPECT_EQ(SDEI_DENIED, sdei(SDEI_ENABLE, 0, 0, 0));
	EXPECT_EQ(SDEI_DENIED, sdei(SDEI_DISABLE, 0, 0, 0));
	EXPECT_EQ(SDEI_INVALID, sdei(SDEI_ENABLE, 77, 0, 0));
	return 0;
}
