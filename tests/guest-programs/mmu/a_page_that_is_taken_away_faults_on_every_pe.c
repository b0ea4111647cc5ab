/* machine: cpus=2 bound=120s */
#include "mmu.h"
#include "smp.h"
/* When DSB has ended, no PE reads or writes through what was unmapped or made read-only. */
enum { ROUNDS = 2000, MAPPED = 1, READ_ONLY = 2, UNMAPPED = 3, END = 4 };
static volatile uint64_t stage, answered, faults, syndrome;

bool on_exception(int kind, struct frame *frame)
{
	syndrome = READ_SYSREG(esr_el1);
	faults++;
	frame->elr += 4;
	return kind == VECTOR_SYNC_SAME;
}

static void second(uint64_t argument)
{
	uint64_t last = 0;

	(void)argument;
	mmu_enable();
	for (;;) {
		uint64_t now_at;

		WAIT_FOR((now_at = load_acquire(&stage)) != last);
		last = now_at;
		if (now_at % 8 == END)
			return;
		faults = 0;
		if (now_at % 8 != UNMAPPED)
			(void)window(9)[1];
		EXPECT_EQ(0, faults);
		window(9)[1] = now_at;
		EXPECT_EQ(now_at % 8 == MAPPED ? 0 : 1, faults);
		if (faults)
			EXPECT_EQ((now_at % 8 == UNMAPPED ? TRANSLATION_FAULT : PERMISSION_FAULT) | LEVEL_3, ESR_STATUS(syndrome));
		store_release(&answered, now_at);
	}
}

static void say(uint64_t round, uint64_t what)
{
	store_release(&stage, round * 8 + what);
	if (what != END)
		WAIT_FOR(load_acquire(&answered) == round * 8 + what);
}

int main(void)
{
	uint64_t entry = 0x41000000 | PTE_PAGE | PTE_DATA;

	mmu_on();
	pe_on(1, second, 0);
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		mmu_map(9, entry);
		say(round, MAPPED);
		mmu_map(9, entry | PTE_READ_ONLY);
		tlb_invalidate((uint64_t)window(9));
		say(round, READ_ONLY);
		mmu_map(9, 0);
		tlb_invalidate((uint64_t)window(9));
		say(round, UNMAPPED);
	}
	say(ROUNDS, END);
	pe_wait_off(1);
	return 0;
}
