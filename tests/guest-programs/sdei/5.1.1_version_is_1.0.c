#include "guest.h"
int main(void) { EXPECT_EQ(1ULL << 48, sdei(SDEI_VERSION, 0, 0, 0)); return 0; }
