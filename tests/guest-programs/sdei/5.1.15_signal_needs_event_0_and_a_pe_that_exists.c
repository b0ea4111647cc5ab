#include "apf.h"
int main(void)
{
	EXPECT_EQ(SDEI_INVALID, sdei(SDEI_SIGNAL, APF_EVENT, read_mpidr() & 0xff00ffffff, 0));
	EXPECT_EQ(SDEI_INVALID, sdei(SDEI_SIGNAL, 0, 0xff00, 0));
	return 0;
}
