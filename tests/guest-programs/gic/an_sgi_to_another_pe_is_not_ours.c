#include "guest.h"
int main(void)
{
	gic_init();
	gic_enable_ppi(5);
	WRITE_SYSREG(S3_0_C12_C11_5, 5 << 24 | 2);		/* target list: Aff0 = 1 */
	WRITE_SYSREG(S3_0_C12_C11_5, 5 << 24 | BIT(16) | 1);	/* Aff1 = 1 */
	WRITE_SYSREG(S3_0_C12_C11_5, 5 << 24 | BIT(40) | 1);	/* all but self */
	EXPECT(!gic_is_pending(5));
	EXPECT_EQ(1023, gic_acknowledge());
	return 0;
}
