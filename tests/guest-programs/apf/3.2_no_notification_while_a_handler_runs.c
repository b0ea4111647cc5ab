#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
static volatile int signalled;
uint64_t sdei_handler(uint64_t event, uint64_t argument, uint64_t pc, uint64_t pstate)
{
	(void)argument;
	if (event == APF_EVENT)
		return apf_on_event(event, pc, pstate);
	/* A normal event's handler, which a critical event would preempt. */
	signalled++;
	expect_waits(0, false);
	return 0;
}
int main(void)
{
	make_absent(2);
	apf_start(APF_SEND_ALWAYS);
	EXPECT_EQ(0, sdei(SDEI_REGISTER, 0, (uint64_t)sdei_entry, 0));
	EXPECT_EQ(0, sdei(SDEI_ENABLE, 0, 0, 0));
	EXPECT_EQ(0, sdei(SDEI_SIGNAL, 0, read_mpidr() & 0xff00ffffff, 0));
	EXPECT_EQ(1, signalled);
	EXPECT_EQ(0, apf_events);
	EXPECT_EQ(absent_content(1), read_page(absent_page(1)));
	EXPECT_EQ(1, apf_events);
	return 0;
}
/* statistics: EventRunning=1 notified=1 */
