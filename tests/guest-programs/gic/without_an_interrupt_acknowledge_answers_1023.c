#include "guest.h"
int main(void)
{
	gic_init();
	EXPECT_EQ(1023, gic_acknowledge());
	EXPECT_EQ(1023, READ_SYSREG(S3_0_C12_C12_2));	/* ICC_HPPIR1_EL1 */
	EXPECT_EQ(0xff, READ_SYSREG(S3_0_C12_C11_3));	/* ICC_RPR_EL1: idle */
	return 0;
}
