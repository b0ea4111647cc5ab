#include "guest.h"
int main(void)
{
	EXPECT_EQ(NOT_SUPPORTED, hvc(0x8600FFFF, 0, 0, 0, 0, 0));
	EXPECT_EQ(NOT_SUPPORTED, hvc(0xC7000000, 0, 0, 0, 0, 0));
	EXPECT_EQ(NOT_SUPPORTED, hvc(~0ULL, 0, 0, 0, 0, 0));
	EXPECT_EQ(0x10002, hvc(0x80000000, 0, 0, 0, 0, 0));	/* SMCCC_VERSION 1.2 */
	EXPECT_EQ(0x10001, hvc(0x84000000, 0, 0, 0, 0, 0));	/* PSCI_VERSION 1.1 */
	return 0;
}
