#include "guest.h"
int main(void)
{
	const uint64_t nothing[] = { GICD + 0xc000, GICR_RD + 0x8000, UART + 0x800, 0x09010000 + 0x800, 0x0a000000 + 0x1c0, 0x08f00000, 0x0f000000 };

	for (unsigned i = 0; i < sizeof(nothing) / sizeof(*nothing); i++) {
		EXPECT_EQ(0, *reg(nothing[i]));
		*reg(nothing[i]) = 0xffffffff;
		EXPECT_EQ(0, *reg(nothing[i]));
	}
	return 0;
}
