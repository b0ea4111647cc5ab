#include "apf.h"
int main(void)
{
	uint64_t value;

	EXPECT_EQ(0, apf(APF_VERSION, 0, &value));
	EXPECT_EQ(0x010000, value);
	EXPECT_EQ(0, apf(APF_SLOTS, 0, &value));
	EXPECT_EQ(APF_SLOTS_COUNT, value);
	EXPECT_EQ(0, apf(APF_SDEI, 0, &value));
	EXPECT_EQ(APF_EVENT, value);
	EXPECT_EQ(0, sdei(SDEI_STATUS, value, 0, 0));		/* an event that SDEI knows */
	EXPECT_EQ(1, sdei(SDEI_GET_INFO, value, 2, 0));		/* critical */
	EXPECT_EQ(0, sdei(SDEI_GET_INFO, value, 0, 0));		/* private */
	EXPECT_EQ(0, apf(APF_IRQ, 0, &value));
	EXPECT_EQ(APF_PPI, value);
	return 0;
}
