#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
int main(void)
{
	make_absent(8);
	apf_start(0);
	gic_enable_ppi(APF_PPI);
	for (int i = 0; i < 8; i++) {
		/* The interrupt is taken at EL0, before or after the access that waited. */
		EXPECT_EQ(absent_content(i), run_at_el0(read_page, absent_page(i)));
		apf_pause(milliseconds(1));
		EXPECT_EQ(i + 1, apf_events);
		EXPECT_EQ(i + 1, apf_readies);
		EXPECT_EQ(apf_tokens[i], apf_ready_tokens[i]);
	}
	return 0;
}
/* statistics: notified=8 ready=8 */
