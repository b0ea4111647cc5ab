/* machine: cpus=2 bound=60s */
#include "smp.h"
enum { ROUNDS = 500 };
static volatile uint64_t interrupts[MOST_PES], ready, leave;
bool on_exception(int kind, struct frame *frame)
{
	uint32_t intid = gic_acknowledge();

	(void)frame;
	gic_end(intid);
	store_release(&interrupts[pe_self()], interrupts[pe_self()] + 1);
	return kind == VECTOR_IRQ_SAME && intid == 4;
}

static void second(uint64_t argument)
{
	(void)argument;
	gic_init();
	gic_enable_ppi(4);
	unmask_irq();
	store_release(&ready, 1);
	while (!load_acquire(&leave))
		;
}

int main(void)
{
	gic_init();
	gic_enable_ppi(4);
	unmask_irq();
	pe_on(1, second, 0);
	WAIT_FOR(load_acquire(&ready));
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		sgi(4, 1);
		WAIT_FOR(load_acquire(&interrupts[1]) == round);
	}
	store_release(&leave, 1);
	pe_wait_off(1);
	EXPECT_EQ(0, interrupts[0]);
	return 0;
}
