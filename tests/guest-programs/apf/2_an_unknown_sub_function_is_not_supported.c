#include "apf.h"
int main(void)
{
	EXPECT_EQ(NOT_SUPPORTED, apf(6, 0, 0));
	EXPECT_EQ(NOT_SUPPORTED, apf(0x80000000, 0, 0));
	EXPECT_EQ(NOT_SUPPORTED, apf(0xffffffff, 0, 0));
	return 0;
}
