#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
int main(void)
{
	make_absent(1);
	apf_start(APF_SEND_ALWAYS);
	EXPECT_EQ(absent_content(0), read_page(absent_page(0)));
	EXPECT_EQ(1, apf_events);
	EXPECT_EQ(APF_NOT_PRESENT, apf_reason);
	EXPECT_EQ(5, apf_pstate & 0x1f);	/* EL1h */
	return 0;
}
