#include "apf.h"
/* PSCI SYSTEM_RESET: the feature is disabled, the event unregistered, the PE masked. RAM above the program keeps its content. */
#define PSCI_SYSTEM_RESET	0x84000009
int main(void)
{
	volatile uint64_t *boots = (volatile uint64_t *)0x43000000;

	gic_init();
	EXPECT_EQ(0, sdei(SDEI_STATUS, APF_EVENT, 0, 0));
	EXPECT_EQ(NOT_REQUIRED, apf(APF_ENABLE, 0, 0));
	EXPECT_EQ(NOT_REQUIRED, apf(APF_IRQ_ACK, 0, 0));
	EXPECT(!apf_is_ready());
	EXPECT_EQ(0, sdei(SDEI_PE_MASK, 0, 0, 0));	/* masked already */
	if ((*boots)++ == 0) {
		EXPECT_EQ(0, sdei(SDEI_REGISTER, APF_EVENT, (uint64_t)sdei_entry, 0));
		EXPECT_EQ(0, sdei(SDEI_ENABLE, APF_EVENT, 0, 0));
		EXPECT_EQ(0, sdei(SDEI_PE_UNMASK, 0, 0, 0));
		EXPECT_EQ(0, apf(APF_ENABLE, (uint64_t)&apf_block | APF_ENABLED, 0));
		hvc(PSCI_SYSTEM_RESET, 0, 0, 0, 0, 0);
		EXPECT(false);
	}
	EXPECT_EQ(2, *boots);
	return 0;
}
