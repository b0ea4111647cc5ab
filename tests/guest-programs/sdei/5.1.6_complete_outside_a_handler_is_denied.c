#include "guest.h"
int main(void)
{
	EXPECT_EQ(SDEI_DENIED, sdei(SDEI_COMPLETE, 0, 0, 0));
	EXPECT_EQ(SDEI_DENIED, sdei(SDEI_RESUME, (uint64_t)sdei_entry, 0, 0));
	return 0;
}
