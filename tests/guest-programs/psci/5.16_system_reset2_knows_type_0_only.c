#include "guest.h"
int main(void)
{
	EXPECT_EQ(-2L, hvc(0xC4000012, 1, 0, 0, 0, 0));
	EXPECT_EQ(-2L, hvc(0xC4000012, 0x80000000, 0, 0, 0, 0));
	return 0;
}
