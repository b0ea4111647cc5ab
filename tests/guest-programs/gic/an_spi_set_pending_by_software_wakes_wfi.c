#include "guest.h"
int main(void)
{
	gic_init();
	gic_enable_spi(60);
	*reg(GICD + 0x204) = BIT(28);	/* GICD_ISPENDR1 */
	EXPECT(gic_is_pending(60));
	wfi();
	EXPECT_EQ(60, gic_acknowledge());
	EXPECT(!gic_is_pending(60));
	gic_end(60);
	EXPECT_EQ(1023, gic_acknowledge());
	return 0;
}
