#include "guest.h"
int main(void) { EXPECT_EQ(2, hvc(0x84000006, 0, 0, 0, 0, 0)); return 0; }
