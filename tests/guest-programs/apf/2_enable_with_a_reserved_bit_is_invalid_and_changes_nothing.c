#include "apf.h"
int main(void)
{
	gic_init();
	for (int bit = 2; bit < 6; bit++)
		EXPECT_EQ(INVALID_PARAMETER, apf(APF_ENABLE, (uint64_t)&apf_block | BIT(bit) | APF_ENABLED, 0));
	EXPECT_EQ(0, apf_block.reason);
	EXPECT(!apf_is_ready());
	EXPECT_EQ(NOT_REQUIRED, apf(APF_ENABLE, 0, 0));	/* it is disabled still */
	/* And an enabled one stays enabled, with its block. */
	EXPECT_EQ(0, apf(APF_ENABLE, (uint64_t)&apf_block | APF_ENABLED, 0));
	EXPECT_EQ(INVALID_PARAMETER, apf(APF_ENABLE, BIT(2), 0));
	EXPECT_EQ(NOT_REQUIRED, apf(APF_ENABLE, (uint64_t)&apf_block | APF_ENABLED, 0));
	return 0;
}
