#include "apf.h"
/* machine: apf=off */
int main(void)
{
	EXPECT_EQ(1, hvc(0x86000000, 0, 0, 0, 0, 0));	/* FEATURES: bit 0 only */
	EXPECT_EQ(NOT_SUPPORTED, hvc(0x86000002, APF_VERSION, 0, 0, 0, 0));
	EXPECT_EQ(NOT_SUPPORTED, apf(APF_ENABLE, (uint64_t)&apf_block | APF_ENABLED, 0));
	EXPECT_EQ(0, apf_block.reason);
	return 0;
}
