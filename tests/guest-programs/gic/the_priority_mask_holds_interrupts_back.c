#include "guest.h"
int main(void)
{
	gic_init();
	gic_enable_ppi(7);
	((volatile uint8_t *)(GICR_SGI + 0x400))[7] = 0xa0;	/* GICR_IPRIORITYR */
	WRITE_SYSREG(S3_0_C4_C6_0, 0xa0);
	*reg(GICR_SGI + 0x200) = BIT(7);
	EXPECT_EQ(1023, gic_acknowledge());		/* only what is higher (a smaller number) than the mask */
	WRITE_SYSREG(S3_0_C4_C6_0, 0xb0);
	EXPECT_EQ(7, gic_acknowledge());
	EXPECT_EQ(0xa0, READ_SYSREG(S3_0_C12_C11_3));	/* ICC_RPR_EL1 */
	gic_end(7);
	EXPECT_EQ(0xff, READ_SYSREG(S3_0_C12_C11_3));
	return 0;
}
