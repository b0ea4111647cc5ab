#include "apf.h"
#include "smp.h"
/* machine: cpus=2 memory=64M limit=4M latency=1ms bound=60s */
static volatile uint64_t stage;
static void second(uint64_t argument)
{
	(void)argument;
	apf_start(0);
	store_release(&stage, 1);
	WAIT_FOR(load_acquire(&stage) == 2);
	EXPECT_EQ(absent_content(1), run_at_el0(read_page, absent_page(1)));
	EXPECT_EQ(1, apf_events);
	EXPECT_EQ(1, apf_tokens[0] & 0xfff);
	WAIT_FOR(apf_is_ready());
	store_release(&stage, 3);
	WAIT_FOR(load_acquire(&stage) == 4);
	EXPECT_EQ(apf_tokens[0], apf_take_ready());
	EXPECT(!apf_is_ready());
}

static void again(uint64_t argument)
{
	(void)argument;
	EXPECT_EQ(NOT_REQUIRED, apf(APF_ENABLE, 0, 0));	/* it went with the PE's power */
	store_release(&stage, 5);
}

int main(void)
{
	gic_init();
	make_absent(3);
	pe_on(1, second, 0);
	WAIT_FOR(load_acquire(&stage) == 1);
	/* Not enabled here: the access waits, and neither PE hears of it. */
	EXPECT_EQ(absent_content(0), read_page(absent_page(0)));
	EXPECT_EQ(0, apf_events);
	store_release(&stage, 2);
	WAIT_FOR(load_acquire(&stage) == 3);
	EXPECT(!apf_is_ready());
	store_release(&stage, 4);
	pe_wait_off(1);
	pe_on(1, again, 0);
	WAIT_FOR(load_acquire(&stage) == 5);
	return 0;
}
