#include "apf.h"
int main(void)
{
	gic_init();
	gic_enable_ppi(APF_PPI);
	EXPECT_EQ(0, apf(APF_ENABLE, (uint64_t)&apf_block | APF_ENABLED, 0));
	/* The line is level-sensitive: taken, freed and ended it is pending still. */
	EXPECT_EQ(APF_PPI, gic_acknowledge());
	apf_block.token = 0;
	apf_block.reason = 0;
	gic_end(APF_PPI);
	EXPECT(apf_is_ready());
	EXPECT_EQ(APF_PPI, gic_acknowledge());
	EXPECT_EQ(0, apf(APF_IRQ_ACK, 0, 0));
	gic_end(APF_PPI);
	EXPECT(!apf_is_ready());
	EXPECT_EQ(1023, gic_acknowledge());
	return 0;
}
