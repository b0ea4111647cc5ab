#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
int main(void)
{
	make_absent(1);
	apf_start(0);
	EXPECT_EQ(absent_content(0), run_at_el0(read_page, absent_page(0)));
	EXPECT_EQ(1, apf_events);
	EXPECT_EQ(APF_NOT_PRESENT, apf_reason);
	EXPECT(apf_tokens[0] != 0);
	EXPECT_EQ((uint64_t)read_page, apf_pc);	/* its first instruction is the access */
	EXPECT_EQ(0, apf_pstate & 0x1f);	/* EL0, AArch64 */
	return 0;
}
/* statistics: notified=1 */
