#include "apf.h"
int main(void)
{
	gic_init();
	EXPECT(!apf_is_ready());
	for (int times = 0; times < 3; times++) {
		EXPECT_EQ(0, apf(APF_ENABLE, (uint64_t)&apf_block | APF_ENABLED, 0));
		EXPECT(apf_is_ready());
		EXPECT_EQ(APF_READY, apf_block.reason);
		EXPECT_EQ(APF_WAKE_ALL, apf_block.token);
		EXPECT_EQ(APF_WAKE_ALL, apf_take_ready());
		apf_pause(milliseconds(2));
		EXPECT(!apf_is_ready());
		EXPECT_EQ(0, apf_block.reason);
		EXPECT_EQ(0, apf(APF_ENABLE, 0, 0));
	}
	return 0;
}
/* statistics: wakeAlls=3 ready=0 notified=0 */
