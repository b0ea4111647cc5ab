/* machine: cpus=2 bound=60s */
#include "smp.h"
#define SPI	40
static volatile uint64_t taken, ready;
static void route_to(uint64_t pe)
{
	*(volatile uint64_t *)(GICD + 0x6000 + SPI * 8) = pe;	/* GICD_IROUTER */
}

static void raise(void)
{
	*reg(GICD + 0x200 + SPI / 32 * 4) = 1u << SPI % 32;	/* GICD_ISPENDR */
}

static void second(uint64_t argument)
{
	uint32_t intid;

	(void)argument;
	gic_init();
	store_release(&ready, 1);
	while ((intid = gic_acknowledge()) == 1023)
		wfi();
	gic_end(intid);
	store_release(&taken, intid);
}

int main(void)
{
	gic_init();
	gic_enable_spi(SPI);
	pe_on(1, second, 0);
	WAIT_FOR(load_acquire(&ready));
	raise();
	EXPECT_EQ(SPI, gic_acknowledge());
	gic_end(SPI);
	route_to(1);
	raise();
	WAIT_FOR(load_acquire(&taken));
	EXPECT_EQ(SPI, taken);
	EXPECT_EQ(1023, gic_acknowledge());
	pe_wait_off(1);
	/* What waits for a PE that is off goes to the one that its route is changed to. */
	raise();
	EXPECT_EQ(1023, gic_acknowledge());
	route_to(0);
	EXPECT_EQ(SPI, gic_acknowledge());
	gic_end(SPI);
	return 0;
}
