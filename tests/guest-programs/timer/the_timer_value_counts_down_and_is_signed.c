#include "guest.h"
int main(void)
{
	uint64_t compare;

	WRITE_SYSREG(cntv_tval_el0, 1000000);
	compare = READ_SYSREG(cntv_cval_el0);
	EXPECT(compare - now() <= 1000000);
	EXPECT(compare - now() > 990000);
	EXPECT(READ_SYSREG(cntv_tval_el0) < 1000000);
	WRITE_SYSREG(cntv_tval_el0, 0xffffffff);		/* -1: bits 63:32 are ignored, 31 is the sign */
	EXPECT(READ_SYSREG(cntv_cval_el0) < now());
	WRITE_SYSREG(cntv_tval_el0, 0xf00000000 | 5000);
	EXPECT(READ_SYSREG(cntv_cval_el0) - now() <= 5000);
	return 0;
}
