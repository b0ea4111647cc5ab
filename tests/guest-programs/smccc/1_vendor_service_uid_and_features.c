#include "guest.h"
int main(void)
{
	uint64_t arguments[8] = { 0x8600FF01 }, results[4];

	hvc_call(arguments, results);
	EXPECT_EQ(0xb66fb428, results[0]);
	EXPECT_EQ(0xe911c52e, results[1]);
	EXPECT_EQ(0x564bcaa9, results[2]);
	EXPECT_EQ(0x743a004d, results[3]);
	EXPECT_EQ(5, hvc(0x86000000, 0, 0, 0, 0, 0));	/* bits 0 and 2 */
	return 0;
}
