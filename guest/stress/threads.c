/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "stress.h"

struct thread {
	pthread_t	handle;
	unsigned int	self;
	thread_function	*function;
	void		*argument;
	uint64_t	answer;
};

/* CPU number self of those that this process may use, again from the first when they are fewer. */
static void stay_on_one_cpu(unsigned int self)
{
	cpu_set_t allowed, one;
	unsigned int count;

	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		return;
	count = (unsigned int)CPU_COUNT(&allowed);
	for (int cpu = 0, number = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &allowed) || number++ != (int)(self % count))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		/* The CPU may have gone off meanwhile; any will do then. */
		sched_setaffinity(0, sizeof(one), &one);
		return;
	}
}

static void *run(void *argument)
{
	struct thread *thread = argument;

	stay_on_one_cpu(thread->self);
	thread->answer = thread->function(thread->self, thread->argument);
	return NULL;
}

uint64_t run_threads(unsigned int threads, thread_function *function, void *argument)
{
	struct thread all[MOST_THREADS];
	uint64_t sum = 0;

	for (unsigned int self = 0; self < threads; self++) {
		all[self] = (struct thread){ .self = self, .function = function, .argument = argument };
		if (pthread_create(&all[self].handle, NULL, run, &all[self])) {
			/* The others wait for this one: nothing can be done but to leave. */
			fprintf(stderr, "stress: thread %u cannot be made\n", self);
			exit(1);
		}
	}
	for (unsigned int self = 0; self < threads; self++) {
		pthread_join(all[self].handle, NULL);
		sum += all[self].answer;
	}
	return sum;
}

void spread_out(void)
{
	uint64_t frequency, begin, now;

	__asm__ volatile("mrs %0, cntfrq_el0\n mrs %1, cntvct_el0" : "=r"(frequency), "=r"(begin));
	do {
		__asm__ volatile("mrs %0, cntvct_el0" : "=r"(now));
	} while (now - begin < frequency / 100);
}

void relax(unsigned int *turns)
{
	enum { TURNS_BEFORE_YIELD = 100 };

	if (++*turns % TURNS_BEFORE_YIELD == 0)
		sched_yield();
	else
		__asm__ volatile("yield");
}

void meet(struct meeting *meeting)
{
	uint32_t number = __atomic_add_fetch(&meeting->arrived, 1, __ATOMIC_ACQ_REL), arrived;
	uint32_t wanted = (number + meeting->threads - 1) / meeting->threads * meeting->threads;

	if (number == wanted) {
		syscall(SYS_futex, &meeting->arrived, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
		return;
	}
	for (unsigned int turns = 0; turns < meeting->patience; turns++) {
		/* No YIELD, which may give the CPU away. */
		if (__atomic_load_n(&meeting->arrived, __ATOMIC_ACQUIRE) >= wanted)
			return;
	}
	while ((arrived = __atomic_load_n(&meeting->arrived, __ATOMIC_ACQUIRE)) < wanted)
		syscall(SYS_futex, &meeting->arrived, FUTEX_WAIT_PRIVATE, arrived, NULL, NULL, 0);
}
