#include "apf.h"
/* machine: memory=64M limit=4M latency=1ms */
/* 8 MiB of pages, read and rewritten at EL0 in an order without locality, with notifications and page-ready interrupts all along. */
#define PAGES	2048
static uint64_t expected(uint64_t page, uint64_t pass)
{
	return (page + 1) * 0x9e3779b97f4a7c15 ^ pass * 0xd1b54a32d192ed03;
}
static int64_t rewrite(uint64_t pass)
{
	int64_t wrong = 0;

	for (uint64_t i = 0; i < PAGES; i++) {
		uint64_t page = (i * 1021 + pass * 7) % PAGES;
		volatile uint64_t *words = (volatile uint64_t *)(0x41000000 + page * 4096);

		/* At each end of the page. */
		if (pass)
			wrong += (words[0] != expected(page, pass - 1)) + (words[511] != ~expected(page, pass - 1));
		words[0] = expected(page, pass);
		words[511] = ~expected(page, pass);
	}
	return wrong;
}
int main(void)
{
	apf_start(0);
	gic_enable_ppi(APF_PPI);
	for (uint64_t pass = 0; pass < 4; pass++)
		EXPECT_EQ(0, run_at_el0(rewrite, pass));
	EXPECT(apf_events > PAGES);
	EXPECT(apf_readies > PAGES);
	return 0;
}
