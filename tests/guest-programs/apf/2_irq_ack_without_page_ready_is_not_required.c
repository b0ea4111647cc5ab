#include "apf.h"
int main(void)
{
	EXPECT_EQ(NOT_REQUIRED, apf(APF_IRQ_ACK, 0, 0));
	apf_start(0);
	EXPECT_EQ(NOT_REQUIRED, apf(APF_IRQ_ACK, 0, 0));	/* apf_start() has acknowledged the wake-all */
	return 0;
}
