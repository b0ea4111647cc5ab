/* SPDX-License-Identifier: MIT */
#include "smp.h"

static char stacks[MOST_PES][16384] __attribute__((aligned(16)));
static struct pe_start {
	char		*stack_top;
	void		(*function)(uint64_t);
	uint64_t	argument;
} starts[MOST_PES];

void pe_on(int pe, void (*function)(uint64_t), uint64_t argument)
{
	volatile struct pe_start *start = &starts[pe];

	start->stack_top = stacks[pe] + sizeof(stacks[pe]);
	start->function = function;
	start->argument = argument;
	__asm__ volatile("dsb sy" ::: "memory");
	EXPECT_EQ(0, hvc(PSCI_CPU_ON, (uint64_t)pe, (uint64_t)pe_entry, (uint64_t)start, 0, 0));
}

void pe_off(void)
{
	hvc(PSCI_CPU_OFF, 0, 0, 0, 0, 0);
	guest_fail("CPU_OFF returned", __FILE__, __LINE__, 0, read_mpidr());
}

int64_t pe_state(int pe)
{
	return hvc(PSCI_AFFINITY_INFO, (uint64_t)pe, 0, 0, 0, 0);
}

void pe_wait_off(int pe)
{
	WAIT_FOR(pe_state(pe) == PE_OFF);
}

void meet(struct meeting *meeting, uint64_t count)
{
	uint64_t number = __atomic_add_fetch(&meeting->arrived, 1, __ATOMIC_ACQ_REL);
	uint64_t wanted = (number + count - 1) / count * count;

	WAIT_FOR(load_acquire(&meeting->arrived) >= wanted);
}
