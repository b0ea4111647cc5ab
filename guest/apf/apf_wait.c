// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tasks that wait for a page.
 *
 * A page-not-present event interrupts user space like an NMI. It claims a slot and leaves task work behind:
 * the kernel runs that on the task's way back to user space, in process context with interrupts enabled,
 * where it may sleep. The page-ready interrupt may come before the task got there, on the same CPU, or
 * after the task moved to another CPU, so a slot's state is the one truth:
 *
 *	FREE -> WAITING		the SDEI handler of the slot's own CPU, the only one that claims its slots
 *	WAITING -> READY	the page-ready interrupt of that CPU, or whoever ends all waits
 *	READY -> FREE		the task itself
 */
#include <linux/sched.h>
#include <linux/slab.h>

#include "apf.h"

enum {
	APF_SLOT_FREE,
	APF_SLOT_WAITING,
	APF_SLOT_READY,
};

/*
 * The host counts a fault as done when it sends page-ready; here its slot stays taken until the task has
 * run. More slots than the host has keep a burst of wake-ups from running dry.
 */
#define APF_SLOTS_PER_HOST_SLOT	4

static unsigned int apf_nr_slots;

/* Runs in the task, before it returns to user space. */
static void apf_wait_work(struct callback_head *work)
{
	struct apf_slot *slot = container_of(work, struct apf_slot, work);

	if (atomic_read_acquire(&slot->state) == APF_SLOT_READY)
		this_cpu_inc(apf_cpu.counters[APF_READY_FIRST]);
	else
		swait_event_exclusive(slot->wait, atomic_read_acquire(&slot->state) == APF_SLOT_READY);
	atomic_set_release(&slot->state, APF_SLOT_FREE);
}

/* SDEI handler, on the slots' own CPU: the current task will wait for @token before it returns to user space. */
bool apf_wait_begin(struct apf_cpu *cpu, u32 token)
{
	unsigned int i;

	for (i = 0; i < apf_nr_slots; i++) {
		struct apf_slot *slot = &cpu->slots[i];

		if (atomic_read_acquire(&slot->state) != APF_SLOT_FREE)
			continue;
		slot->token = token;
		init_task_work(&slot->work, apf_wait_work);
		atomic_set_release(&slot->state, APF_SLOT_WAITING);
		/*
		 * Adding task work is a compare-and-exchange loop and a flag, both fine in an NMI. It
		 * fails only for a task that is past exiting, which is not in user space.
		 */
		if (!task_work_add(current, &slot->work, TWA_RESUME))
			return true;
		atomic_set_release(&slot->state, APF_SLOT_FREE);
		return false;
	}
	return false;
}

static bool apf_wake(struct apf_slot *slot)
{
	if (atomic_cmpxchg(&slot->state, APF_SLOT_WAITING, APF_SLOT_READY) != APF_SLOT_WAITING)
		return false;
	/* The task may be gone already, and the slot claimed anew: then this is a spurious wake-up, no more. */
	swake_up_one(&slot->wait);
	return true;
}

/* The page of @token is there. */
void apf_wait_end(struct apf_cpu *cpu, u32 token)
{
	unsigned int i;

	for (i = 0; i < apf_nr_slots; i++) {
		struct apf_slot *slot = &cpu->slots[i];

		if (atomic_read_acquire(&slot->state) == APF_SLOT_WAITING && slot->token == token) {
			apf_wake(slot);
			cpu->counters[APF_READY]++;
			return;
		}
	}
	/* The event found no slot, so nobody waits: the task just touched its page again. */
	cpu->counters[APF_READY_UNKNOWN]++;
}

/* No page-ready will come for what is outstanding: let every task try again. */
void apf_wait_end_all(struct apf_cpu *cpu)
{
	unsigned int i;

	for (i = 0; i < apf_nr_slots; i++)
		apf_wake(&cpu->slots[i]);
}

bool apf_wait_idle(struct apf_cpu *cpu)
{
	unsigned int i;

	for (i = 0; i < apf_nr_slots; i++) {
		if (atomic_read_acquire(&cpu->slots[i].state) != APF_SLOT_FREE)
			return false;
	}
	return true;
}

int apf_wait_init(struct apf_cpu *cpu, unsigned int host_slots)
{
	unsigned int i;

	apf_nr_slots = host_slots * APF_SLOTS_PER_HOST_SLOT;
	cpu->slots = kcalloc(apf_nr_slots, sizeof(*cpu->slots), GFP_KERNEL);
	if (!cpu->slots)
		return -ENOMEM;
	for (i = 0; i < apf_nr_slots; i++)
		init_swait_queue_head(&cpu->slots[i].wait);
	return 0;
}

void apf_wait_free(struct apf_cpu *cpu)
{
	kfree(cpu->slots);
	cpu->slots = NULL;
}
