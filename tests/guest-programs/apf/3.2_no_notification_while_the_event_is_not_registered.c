#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
int main(void)
{
	make_absent(1);
	apf_start(0);
	EXPECT_EQ(0, sdei(SDEI_UNREGISTER, APF_EVENT, 0, 0));
	expect_waits(0, true);
	EXPECT_EQ(0, apf_block.reason);
	return 0;
}
/* statistics: EventNotEnabled=1 notified=0 */
