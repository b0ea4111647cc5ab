/* SPDX-License-Identifier: MIT */
/* Signals from thread to thread, which come between the halves of exclusives, and threads that change CPUs with vector registers in use. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "stress.h"

enum { SIGNALS_PER_ROUND = 3, MOVES_PER_ROUND = 3 };

static struct meeting start, finish;
static unsigned int threads, rounds;
static pthread_t handles[MOST_THREADS];
static volatile uint64_t handled[MOST_THREADS];
static uint64_t counter, by_loops, by_handlers;
static __thread unsigned int number;

static void increment(void)
{
	uint64_t value, status;

	__asm__ volatile("1: ldxr %0, %2\n add %0, %0, #1\n stxr %w1, %0, %2\n cbnz %w1, 1b"
		: "=&r"(value), "=&r"(status), "+Q"(counter) :: "memory");
}

static void on_signal(int signal)
{
	(void)signal;
	increment();
	__atomic_fetch_add(&by_handlers, 1, __ATOMIC_RELAXED);
	store_release(&handled[number], handled[number] + 1);
}

/* Each sends to the next, and the next signal only when the last was handled. */
static uint64_t send(unsigned int self, void *unused)
{
	unsigned int next = (self + 1) % threads;
	uint64_t loops = 0;
	unsigned int turns = 0;

	(void)unused;
	number = self;
	handles[self] = pthread_self();
	meet(&start);
	for (uint64_t sent = 1; sent <= (uint64_t)rounds * SIGNALS_PER_ROUND; sent++) {
		pthread_kill(handles[next], SIGUSR1);
		while (load_acquire(&handled[next]) < sent) {
			increment();
			/* Most signals come between the halves of an exclusive, and the other thread gets a CPU now and then. */
			if (++loops % 64 == 0)
				relax(&turns);
		}
	}
	__atomic_fetch_add(&by_loops, loops, __ATOMIC_RELAXED);
	/* Nobody leaves before its last signal has come. */
	meet(&finish);
	return 0;
}

/* sched_setaffinity(2) with V8..V31 in use: they are what they were afterwards, on whichever CPU that is. */
static uint64_t move_to(unsigned int cpu, uint64_t pattern)
{
	cpu_set_t one;
	uint64_t different;
	register uint64_t x0 __asm__("x0") = 0;
	register uint64_t x1 __asm__("x1") = sizeof(one);
	register uint64_t x2 __asm__("x2") = (uint64_t)&one;
	register uint64_t x8 __asm__("x8") = SYS_sched_setaffinity;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	__asm__ volatile(
		".irp n, 8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
		"add x9, %2, #\\n\n dup v\\n\\().2d, x9\n"
		".endr\n"
		"svc #0\n"
		"movi v0.2d, #0\n"
		".irp n, 8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
		"add x9, %2, #\\n\n dup v1.2d, x9\n eor v1.16b, v1.16b, v\\n\\().16b\n orr v0.16b, v0.16b, v1.16b\n"
		".endr\n"
		"umaxv s0, v0.4s\n fmov %w0, s0"
		: "=&r"(different), "+r"(x0) : "r"(pattern), "r"(x1), "r"(x2), "r"(x8)
		: "x9", "memory", "v0", "v1", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21",
		  "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31");
	return different ? wrong("vector registers changed on the way to CPU %u", cpu) : 0;
}

static uint64_t move(unsigned int self, void *unused)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	uint64_t found = 0, random = 362436069 + self;

	(void)unused;
	/* A CPU that is off refuses: the thread stays where it is. */
	for (unsigned int moves = 0; moves < rounds * MOVES_PER_ROUND; moves++)
		found += move_to((unsigned int)(next_random(&random) % (uint64_t)cpus), random);
	return found;
}

uint64_t test_signals(const struct work *work)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART }, before;
	uint64_t found, all = (uint64_t)work->threads * work->rounds * SIGNALS_PER_ROUND;

	threads = work->threads;
	rounds = work->rounds;
	start = finish = (struct meeting){ .threads = threads, .patience = SHORT_PATIENCE };
	counter = by_loops = by_handlers = 0;
	for (unsigned int n = 0; n < threads; n++)
		handled[n] = 0;
	sigaction(SIGUSR1, &action, &before);
	found = run_threads(threads, send, NULL);
	sigaction(SIGUSR1, &before, NULL);
	found += expect("signals handled", all, by_handlers);
	found += expect("counted by loops and handlers", by_loops + by_handlers, counter);
	return found + run_threads(threads, move, NULL);
}
