#include "apf.h"
/* machine: memory=64M */
int main(void)
{
	static const uint64_t outside[] = {
		0, UART, GICD, 0x40000000 - 64, 0x44000000, 0x100000000, BIT(40), BIT(52), BIT(63), BIT(63) | 0x40000000,
	};

	gic_init();
	for (unsigned i = 0; i < sizeof(outside) / sizeof(*outside); i++)
		EXPECT_EQ(INVALID_PARAMETER, apf(APF_ENABLE, outside[i] | APF_ENABLED, 0));
	EXPECT(!apf_is_ready());
	EXPECT_EQ(NOT_REQUIRED, apf(APF_ENABLE, 0, 0));
	return 0;
}
