/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asynchronous page faults, the guest's half: what the parts of the module share.
 *
 * The protocol is docs/protocol.md of the Meanwhile project.
 */
#ifndef APF_H
#define APF_H

#include <linux/atomic.h>
#include <linux/percpu.h>
#include <linux/swait.h>
#include <linux/task_work.h>
#include <linux/types.h>

/*
 * Some kernels patch calls into the entries of functions and want those aligned. gcc before 14 does not align
 * functions that are marked cold, and every __init function is.
 */
#if defined(CONFIG_FUNCTION_ALIGNMENT) && CONFIG_FUNCTION_ALIGNMENT > 4 && __GNUC__ < 14
#undef __cold
#define __cold
#endif

/* Why the host wrote the shared block. */
#define APF_REASON_FREE			0
#define APF_REASON_PAGE_NOT_PRESENT	1
#define APF_REASON_PAGE_READY		2

/* A token that stands for every waiter. */
#define APF_TOKEN_WAKE_ALL		0xffffffffU

/* One per CPU, shared with the host, 64-byte aligned. The host touches the first eight bytes only. */
struct apf_block {
	u32	reason;
	u32	token;
	u8	pad[56];
	u32	enabled;
};

/* What happened, per CPU; debugfs shows the sums. */
enum apf_counter {
	APF_NOT_PRESENT,	/* page-not-present events that put a task to sleep */
	APF_READY,		/* page-ready notifications with a waiter */
	APF_READY_FIRST,	/* of those: before the task went to sleep */
	APF_READY_UNKNOWN,	/* page-ready notifications without a waiter */
	APF_WAKE_ALL,		/* wake-all notifications */
	APF_NO_SLOT,		/* page-not-present events that found no free slot */
	APF_NOT_USER,		/* page-not-present events that did not interrupt user space */
	APF_SPURIOUS,		/* events and interrupts with nothing in the block */
	APF_NR_COUNTERS
};

/* A task that waits, or is about to wait, for its page. */
struct apf_slot {
	struct callback_head	work;
	struct swait_queue_head	wait;
	atomic_t		state;
	u32			token;
};

struct apf_cpu {
	struct apf_block	*block;
	struct apf_slot		*slots;
	u64			counters[APF_NR_COUNTERS];
};

DECLARE_PER_CPU(struct apf_cpu, apf_cpu);

/* apf_wait.c: tasks that wait. */
int apf_wait_init(struct apf_cpu *cpu, unsigned int host_slots);
void apf_wait_free(struct apf_cpu *cpu);
bool apf_wait_begin(struct apf_cpu *cpu, u32 token);
void apf_wait_end(struct apf_cpu *cpu, u32 token);
void apf_wait_end_all(struct apf_cpu *cpu);
bool apf_wait_idle(struct apf_cpu *cpu);

/* apf_hypercall.c: the vendor hypervisor service. */
int apf_hypercall_version(u32 *version);
int apf_hypercall_slots(u32 *slots);
int apf_hypercall_sdei_event(u32 *event);
int apf_hypercall_irq(u32 *intid);
int apf_hypercall_enable(u64 control);
void apf_hypercall_ack(void);

#endif
