#include "apf.h"
int main(void)
{
	uint64_t value, garbage = 0xdeadbeef00000000, block = (uint64_t)&apf_block | APF_ENABLED;

	EXPECT_EQ(0, (int32_t)hvc_value(0x86000002, garbage | APF_VERSION, 0, 0, &value));
	EXPECT_EQ(0x010000, value);
	EXPECT_EQ(0, (int32_t)hvc_value(0x86000002, garbage | APF_ENABLE, garbage | block, garbage, &value));
	EXPECT_EQ(APF_READY, apf_block.reason);
	return 0;
}
