#include "guest.h"
#define UARTIMSC	(UART + 0x38)
#define UARTRIS		(UART + 0x3c)
#define UARTMIS		(UART + 0x40)
#define UARTICR		(UART + 0x44)
#define TXI		BIT(5)
int main(void)
{
	gic_init();
	gic_enable_spi(33);
	*reg(UARTICR) = 0x7ff;
	EXPECT(!gic_is_pending(33));
	*reg(UARTIMSC) = TXI;
	print("x\n");
	EXPECT_EQ(TXI, *reg(UARTRIS) & TXI);
	EXPECT_EQ(TXI, *reg(UARTMIS) & TXI);
	wfi();
	EXPECT_EQ(33, gic_acknowledge());
	EXPECT(gic_is_pending(33));	/* the level */
	*reg(UARTICR) = TXI;
	EXPECT(!gic_is_pending(33));
	gic_end(33);
	EXPECT_EQ(1023, gic_acknowledge());
	return 0;
}
