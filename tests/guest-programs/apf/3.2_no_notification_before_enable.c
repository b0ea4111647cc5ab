#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
int main(void)
{
	make_absent(2);
	EXPECT_EQ(0, sdei(SDEI_REGISTER, APF_EVENT, (uint64_t)sdei_entry, 0));
	EXPECT_EQ(0, sdei(SDEI_ENABLE, APF_EVENT, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_PE_UNMASK, 0, 0, 0));
	expect_waits(0, true);
	EXPECT_EQ(0, apf_block.reason);
	return 0;
}
/* statistics: notified=0 */
