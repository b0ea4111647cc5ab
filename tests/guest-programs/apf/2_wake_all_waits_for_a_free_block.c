#include "apf.h"
/* The host never overwrites a block whose reason or token is not zero. */
int main(void)
{
	gic_init();
	apf_block.token = 0x1234;
	EXPECT_EQ(0, apf(APF_ENABLE, (uint64_t)&apf_block | APF_ENABLED, 0));
	apf_pause(milliseconds(1));
	EXPECT(!apf_is_ready());
	EXPECT_EQ(0x1234, apf_block.token);
	EXPECT_EQ(0, apf_block.reason);
	apf_block.reason = 7;
	apf_block.token = 0;
	apf_pause(milliseconds(1));
	EXPECT(!apf_is_ready());
	EXPECT_EQ(0, apf_block.token);
	EXPECT_EQ(7, apf_block.reason);
	apf_block.reason = 0;
	apf_pause(0);
	EXPECT_EQ(APF_WAKE_ALL, apf_take_ready());
	return 0;
}
