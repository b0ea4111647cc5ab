#include "apf.h"
static struct apf_block other;
int main(void)
{
	apf_start(0);
	EXPECT_EQ(NOT_REQUIRED, apf(APF_ENABLE, (uint64_t)&apf_block | APF_ENABLED, 0));
	EXPECT_EQ(NOT_REQUIRED, apf(APF_ENABLE, (uint64_t)&other | APF_ENABLED | APF_SEND_ALWAYS, 0));
	EXPECT(!apf_is_ready());
	EXPECT_EQ(0, other.reason);
	EXPECT_EQ(0, apf_block.reason);
	return 0;
}
