#include "guest.h"
int main(void)
{
	static const uint32_t have[] = {
		0x84000000, 0x84000001, 0xC4000001, 0x84000002, 0x84000003, 0xC4000003, 0x84000004, 0xC4000004, 0x84000006,
		0x84000008, 0x84000009, 0x8400000A, 0x84000012, 0xC4000012, 0x80000000,
	};

	EXPECT_EQ(0x10001, hvc(0x84000000, 0, 0, 0, 0, 0));
	for (unsigned i = 0; i < sizeof(have) / sizeof(*have); i++)
		EXPECT((int32_t)hvc(0x8400000A, have[i], 0, 0, 0, 0) >= 0);
	EXPECT_EQ(NOT_SUPPORTED, (int32_t)hvc(0x8400000A, 0x8400001F, 0, 0, 0, 0));
	EXPECT_EQ(NOT_SUPPORTED, (int32_t)hvc(0x8400000A, 0xC4000002, 0, 0, 0, 0));
	EXPECT_EQ(NOT_SUPPORTED, (int32_t)hvc(0x8400000A, 0, 0, 0, 0, 0));
	return 0;
}
