/* SPDX-License-Identifier: MIT */
/*
 * stress: what several CPUs do to each other, in user space. Every test knows what must come out, does a bounded amount of work, and counts
 * what was wrong. The program is built with LSE instructions; where it wants exclusives it says so in assembly.
 */
#ifndef STRESS_H
#define STRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOST_THREADS	64
#define CACHE_LINE	64

/* What a test is asked to do. */
struct work {
	unsigned int	threads;	/* 2..MOST_THREADS */
	unsigned int	rounds;		/* of its work: a test does some tens of thousand operations in each hundred */
};

/* A test answers how many times something was wrong, after it told of the first few. */
typedef uint64_t test_function(const struct work *work);
test_function test_locks, test_mutexes, test_futexes, test_litmus, test_perpetual, test_mappings, test_signals;

/* Tells of something wrong, unless much was told already. Any thread. Returns 1, to be added up. */
uint64_t wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Adds a finding when two numbers differ. */
uint64_t expect(const char *what, uint64_t expected, uint64_t actual);

/* Runs a function on threads at once, each on a CPU of its own as far as there are enough, and adds up their answers. */
typedef uint64_t thread_function(unsigned int self, void *argument);
uint64_t run_threads(unsigned int threads, thread_function *function, void *argument);

/*
 * All threads of a run come here before one goes on; fewer than 2^32 times in all. They spin for so many turns, so that they set off at once,
 * and then sleep, so that they get the CPUs that the others need.
 */
struct meeting { uint32_t threads, patience, arrived; };
#define SHORT_PATIENCE	200
void meet(struct meeting *meeting);

/*
 * Spins for ten milliseconds. An emulator's threads that were asleep are often woken on one processor of the host, where they take turns; the host
 * needs that long to notice that another is free.
 */
void spread_out(void);

/* For loops that wait for another thread. */
void relax(unsigned int *turns);

/* CPUs 1.. go off and come on again in turns while tests run. */
bool hotplug_start(void);
bool hotplug_is_done(unsigned int least);
unsigned int hotplug_stop(void);

static inline uint64_t load_acquire(const volatile uint64_t *p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }
static inline void store_release(volatile uint64_t *p, uint64_t v) { __atomic_store_n(p, v, __ATOMIC_RELEASE); }

/* xorshift64 (Marsaglia). */
static inline uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

#endif
