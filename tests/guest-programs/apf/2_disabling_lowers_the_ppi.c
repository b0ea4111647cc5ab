#include "apf.h"
int main(void)
{
	gic_init();
	EXPECT_EQ(0, apf(APF_ENABLE, (uint64_t)&apf_block | APF_ENABLED, 0));
	EXPECT(apf_is_ready());
	EXPECT_EQ(0, apf(APF_ENABLE, 0, 0));
	EXPECT(!apf_is_ready());
	EXPECT_EQ(NOT_REQUIRED, apf(APF_IRQ_ACK, 0, 0));
	return 0;
}
