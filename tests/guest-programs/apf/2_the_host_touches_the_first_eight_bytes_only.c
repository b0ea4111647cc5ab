#include "apf.h"
int main(void)
{
	const uint8_t *bytes = (const uint8_t *)&apf_block;

	for (unsigned i = 0; i < sizeof(apf_block.pad); i++)
		apf_block.pad[i] = 0xa5;
	apf_block.enabled = 0xa5a5a5a5;
	apf_start(0);
	EXPECT_EQ(0, apf(APF_ENABLE, 0, 0));
	for (unsigned i = 8; i < 68; i++)
		EXPECT_EQ(0xa5, bytes[i]);
	return 0;
}
