/* SPDX-License-Identifier: MIT */
/* futex(2) itself: threads that sleep until another wakes them. A wake-up that gets lost ends the game: nothing goes on. */
#include <errno.h>
#include <linux/futex.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "stress.h"

enum { HANDOVERS_PER_ROUND = 10 };

struct place {
	uint32_t	turn;
} __attribute__((aligned(CACHE_LINE)));

static struct place ring[MOST_THREADS], gate;
static struct meeting start;
static unsigned int threads, handovers;
static uint64_t token;
static uint32_t crowd, sleepers;

static void wait_while(uint32_t *word, uint32_t value)
{
	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void wake(uint32_t *word, int count)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

/* A token goes round: each thread sleeps until it has it, adds to what no atomic guards, and hands it on. */
static void pass_token(unsigned int self)
{
	uint32_t *mine = &ring[self].turn, *next = &ring[(self + 1) % threads].turn;

	for (unsigned int turn = 1; turn <= handovers; turn++) {
		uint32_t seen;

		while ((seen = __atomic_load_n(mine, __ATOMIC_ACQUIRE)) != turn)
			wait_while(mine, seen);
		token++;
		/* The first thread begins each turn, so the last hands on the next one. */
		__atomic_store_n(next, self + 1 == threads ? turn + 1 : turn, __ATOMIC_RELEASE);
		wake(next, 1);
	}
}

/* All sleep at one word; the last to come opens it, for all, half of them by way of another word. */
static uint64_t gather(uint32_t round)
{
	static uint32_t detour;
	uint64_t found = 0;
	uint32_t number = __atomic_add_fetch(&crowd, 1, __ATOMIC_ACQ_REL);

	if (number == round * threads) {
		__atomic_store_n(&gate.turn, round, __ATOMIC_RELEASE);
		syscall(SYS_futex, &gate.turn, FUTEX_CMP_REQUEUE_PRIVATE, threads / 2, (void *)(long)INT_MAX, &detour, round);
		wake(&detour, INT_MAX);
	} else {
		while (__atomic_load_n(&gate.turn, __ATOMIC_ACQUIRE) < round)
			wait_while(&gate.turn, round - 1);
	}
	if (__atomic_load_n(&crowd, __ATOMIC_ACQUIRE) < round * threads)
		found += wrong("a gate is open before all have come");
	return found;
}

static uint64_t run(unsigned int self, void *unused)
{
	uint64_t found = 0;

	(void)unused;
	meet(&start);
	pass_token(self);
	for (uint32_t round = 1; round <= handovers; round++)
		found += gather(round);
	__atomic_fetch_add(&sleepers, 1, __ATOMIC_RELAXED);
	return found;
}

uint64_t test_futexes(const struct work *work)
{
	uint64_t found;

	threads = work->threads;
	handovers = work->rounds * HANDOVERS_PER_ROUND;
	start = (struct meeting){ .threads = threads, .patience = SHORT_PATIENCE };
	for (unsigned int n = 0; n < threads; n++)
		ring[n].turn = 0;
	ring[0].turn = 1;
	gate.turn = crowd = sleepers = 0;
	token = 0;
	found = run_threads(threads, run, NULL);
	found += expect("turns of the token", (uint64_t)threads * handovers, token);
	found += expect("threads at the end", threads, sleepers);
	return found;
}
