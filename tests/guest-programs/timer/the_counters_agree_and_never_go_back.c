#include "guest.h"
int main(void)
{
	uint64_t last = 0;

	EXPECT_EQ(62500000, READ_SYSREG(cntfrq_el0));
	for (int i = 0; i < 1000; i++) {
		uint64_t count = i % 2 ? READ_SYSREG(cntpct_el0) : READ_SYSREG(cntvct_el0);

		EXPECT(count >= last);
		last = count;
	}
	EXPECT(last > 0);
	return 0;
}
