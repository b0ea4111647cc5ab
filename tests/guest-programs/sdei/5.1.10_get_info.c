#include "guest.h"
int main(void)
{
	EXPECT_EQ(0, sdei(SDEI_GET_INFO, 0, 0, 0));		/* private */
	EXPECT_EQ(1, sdei(SDEI_GET_INFO, 0, 1, 0));		/* software can signal it */
	EXPECT_EQ(0, sdei(SDEI_GET_INFO, 0, 2, 0));		/* normal */
	EXPECT_EQ(SDEI_INVALID, sdei(SDEI_GET_INFO, 0, 3, 0));	/* routing is for shared events */
	EXPECT_EQ(SDEI_INVALID, sdei(SDEI_GET_INFO, 0, 5, 0));
	EXPECT_EQ(SDEI_INVALID, sdei(SDEI_GET_INFO, 0x999, 0, 0));
	return 0;
}
