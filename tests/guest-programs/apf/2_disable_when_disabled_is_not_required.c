#include "apf.h"
int main(void)
{
	EXPECT_EQ(NOT_REQUIRED, apf(APF_ENABLE, 0, 0));
	apf_start(0);
	EXPECT_EQ(0, apf(APF_ENABLE, 0, 0));
	EXPECT_EQ(NOT_REQUIRED, apf(APF_ENABLE, 0, 0));
	EXPECT_EQ(NOT_REQUIRED, apf(APF_ENABLE, (uint64_t)&apf_block, 0));
	return 0;
}
