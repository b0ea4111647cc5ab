#include "apf.h"
/* machine: memory=64M */
/* The block has 68 bytes: the last 64 of RAM do not hold it, the last 128 do. */
int main(void)
{
	gic_init();
	EXPECT_EQ(INVALID_PARAMETER, apf(APF_ENABLE, (0x44000000 - 64) | APF_ENABLED, 0));
	EXPECT(!apf_is_ready());
	EXPECT_EQ(0, apf(APF_ENABLE, (0x44000000 - 128) | APF_ENABLED, 0));
	EXPECT_EQ(APF_READY, ((struct apf_block *)(0x44000000 - 128))->reason);
	return 0;
}
