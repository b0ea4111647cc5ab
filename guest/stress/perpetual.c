/* SPDX-License-Identifier: MIT */
/*
 * Litmus tests without an end to each run: threads store ever greater numbers and note what they load, with nothing that would keep them in step, so
 * that far more of their accesses meet than in litmus.c. Afterwards the notes are searched for what the memory model forbids (Melissaris,
 * Shaw, Martonosi: PerpLE).
 */
#include <stdio.h>
#include <stdlib.h>

#include "stress.h"

enum { NUMBERS_PER_ROUND = 2000, MOST_RUNS = 4, MOST_PERPETUAL_THREADS = 4, LONG_PATIENCE = 20000 };

/* x and y are each stored to by one thread, 1 and up to last. */
static uint64_t x __attribute__((aligned(CACHE_LINE))), y __attribute__((aligned(CACHE_LINE)));
static uint64_t last __attribute__((aligned(CACHE_LINE)));
static uint64_t (*notes[MOST_PERPETUAL_THREADS])[2];
static struct meeting start;

#define STORE(p, v)		__asm__ volatile("str %1, %0" : "=Q"(*(p)) : "r"((uint64_t)(v)) : "memory")
#define STORE_RELEASE(p, v)	__asm__ volatile("stlr %1, %0" : "=Q"(*(p)) : "r"((uint64_t)(v)) : "memory")
#define SWAP_AL(p, v)		({ uint64_t v_; __asm__ volatile("swpal %1, %0, %2" : "=r"(v_) : "r"((uint64_t)(v)), "Q"(*(p)) : "memory"); })
#define LOAD(p)			({ uint64_t v_; __asm__ volatile("ldr %0, %1" : "=r"(v_) : "Q"(*(p)) : "memory"); v_; })
#define LOAD_ACQUIRE(p)		({ uint64_t v_; __asm__ volatile("ldar %0, %1" : "=r"(v_) : "Q"(*(p)) : "memory"); v_; })
#define NOTHING			__asm__ volatile("" ::: "memory")
#define DMB			__asm__ volatile("dmb ish" ::: "memory")
#define DMB_LOADS		__asm__ volatile("dmb ishld" ::: "memory")
#define DMB_STORES		__asm__ volatile("dmb ishst" ::: "memory")

/* Threads 0 and 1 store one each and load the other; or load first. */
#define STORE_THEN_LOAD(name, store, fence, load)						\
	static void name(unsigned int t, uint64_t (*note)[2])					\
	{											\
		uint64_t *mine = t ? &y : &x, *other = t ? &x : &y;				\
		for (uint64_t n = 1; n <= last; n++) {						\
			store(mine, n);								\
			fence;									\
			note[n][0] = load(other);						\
		}										\
	}
#define LOAD_THEN_STORE(name, load, fence, store)						\
	static void name(unsigned int t, uint64_t (*note)[2])					\
	{											\
		uint64_t *mine = t ? &y : &x, *other = t ? &x : &y;				\
		for (uint64_t n = 1; n <= last; n++) {						\
			note[n][0] = load(other);						\
			fence;									\
			store(mine, n);								\
		}										\
	}
/* Thread 0 stores x and then y; thread 1 loads y and then x. */
#define MESSAGE(name, store_fence, store, load, load_fence)					\
	static void name(unsigned int t, uint64_t (*note)[2])					\
	{											\
		for (uint64_t n = 1; n <= last; n++) {						\
			if (t == 0) {								\
				STORE(&x, n);							\
				store_fence;							\
				store(&y, n);							\
			} else {								\
				note[n][0] = load(&y);						\
				load_fence;							\
				note[n][1] = LOAD(&x);						\
			}									\
		}										\
	}
/* Threads 0 and 1 store, threads 2 and 3 load both, each the other way round. */
#define INDEPENDENT(name, load, fence)								\
	static void name(unsigned int t, uint64_t (*note)[2])					\
	{											\
		for (uint64_t n = 1; n <= last; n++) {						\
			if (t == 0) {								\
				STORE(&x, n);							\
			} else if (t == 1) {							\
				STORE(&y, n);							\
			} else {								\
				note[n][0] = load(t == 2 ? &x : &y);				\
				fence;								\
				note[n][1] = load(t == 2 ? &y : &x);				\
			}									\
		}										\
	}
/* Thread 0 stores x; thread 1 hands what it has seen on to y; thread 2 loads y and then x. */
#define CAUSALITY(name, load, store)								\
	static void name(unsigned int t, uint64_t (*note)[2])					\
	{											\
		for (uint64_t n = 1; n <= last; n++) {						\
			if (t == 0) {								\
				STORE(&x, n);							\
			} else if (t == 1) {							\
				store(&y, LOAD(&x));						\
			} else {								\
				note[n][0] = load(&y);						\
				note[n][1] = LOAD(&x);						\
			}									\
		}										\
	}

STORE_THEN_LOAD(sb, STORE, NOTHING, LOAD)
STORE_THEN_LOAD(sb_dmb, STORE, DMB, LOAD)
STORE_THEN_LOAD(sb_release_acquire, STORE_RELEASE, NOTHING, LOAD_ACQUIRE)
STORE_THEN_LOAD(sb_swap, SWAP_AL, NOTHING, LOAD_ACQUIRE)
LOAD_THEN_STORE(lb_dmb, LOAD, DMB_LOADS, STORE)
LOAD_THEN_STORE(lb_acquire, LOAD_ACQUIRE, NOTHING, STORE)
MESSAGE(mp_dmb, DMB_STORES, STORE, LOAD, DMB_LOADS)
MESSAGE(mp_release_acquire, NOTHING, STORE_RELEASE, LOAD_ACQUIRE, NOTHING)
MESSAGE(mp_swap_acquire, NOTHING, SWAP_AL, LOAD_ACQUIRE, NOTHING)
INDEPENDENT(iriw_dmb, LOAD, DMB)
INDEPENDENT(iriw_acquire, LOAD_ACQUIRE, NOTHING)
CAUSALITY(wrc_release_acquire, LOAD_ACQUIRE, STORE_RELEASE)

/* Thread 0 at n had not seen thread 1's store m, nor thread 1 at m thread 0's store n: m is the first that was not seen. */
static uint64_t neither_seen(void)
{
	uint64_t found = 0;

	for (uint64_t n = 1; n <= last; n++) {
		uint64_t m = notes[0][n][0] + 1;

		found += m <= last && notes[1][m][0] < n;
	}
	return found;
}

/* Thread 0 at n had seen m, which thread 1 stored after it had seen n or later. */
static uint64_t both_seen(void)
{
	uint64_t found = 0;

	for (uint64_t n = 1; n <= last; n++) {
		uint64_t m = notes[0][n][0];

		found += m != 0 && notes[1][m][0] >= n;
	}
	return found;
}

static uint64_t flag_without_message_at(unsigned int reader)
{
	uint64_t found = 0;

	for (uint64_t n = 1; n <= last; n++)
		found += notes[reader][n][1] < notes[reader][n][0];
	return found;
}

static uint64_t flag_without_message(void) { return flag_without_message_at(1); }
static uint64_t flag_without_cause(void) { return flag_without_message_at(2); }

/* Thread 2 had seen x before y, and thread 3 had seen that y, but not that x. What each sees only grows. */
static uint64_t disagreement(void)
{
	uint64_t found = 0, k = 1;

	for (uint64_t n = 1; n <= last; n++) {
		while (k <= last && notes[3][k][0] <= notes[2][n][1])
			k++;
		found += k <= last && notes[3][k][1] < notes[2][n][0];
	}
	return found;
}

static const struct perpetual {
	const char	*name;
	unsigned int	threads;
	void		(*body)(unsigned int, uint64_t (*)[2]);
	uint64_t	(*search)(void);
	bool		allowed;
} tests[] = {
	{ "SB", 2, sb, neither_seen, true },
	{ "SB+dmbs", 2, sb_dmb, neither_seen, false },
	{ "SB+stlr+ldar", 2, sb_release_acquire, neither_seen, false },
	{ "SB+swpal+ldar", 2, sb_swap, neither_seen, false },
	{ "LB+dmb.lds", 2, lb_dmb, both_seen, false },
	{ "LB+ldars", 2, lb_acquire, both_seen, false },
	{ "MP+dmb.st+dmb.ld", 2, mp_dmb, flag_without_message, false },
	{ "MP+stlr+ldar", 2, mp_release_acquire, flag_without_message, false },
	{ "MP+swpal+ldar", 2, mp_swap_acquire, flag_without_message, false },
	{ "IRIW+dmbs", 4, iriw_dmb, disagreement, false },
	{ "IRIW+ldars", 4, iriw_acquire, disagreement, false },
	{ "WRC+stlr+ldar", 3, wrc_release_acquire, flag_without_cause, false },
};

/* How often a thread saw that another had gone on while it ran itself. A run in which they took turns says nothing. */
static uint64_t meetings(unsigned int threads)
{
	uint64_t changes = 0;

	for (unsigned int thread = 0; thread < threads; thread++)
		for (uint64_t n = 2; n <= last; n++)
			for (int load = 0; load < 2; load++)
				changes += notes[thread][n][load] != notes[thread][n - 1][load];
	return changes;
}

static uint64_t run(unsigned int self, void *argument)
{
	const struct perpetual *test = argument;

	meet(&start);
	spread_out();
	meet(&start);
	test->body(self, notes[self]);
	return 0;
}

uint64_t test_perpetual(const struct work *work)
{
	uint64_t found = 0;

	last = (uint64_t)work->rounds * NUMBERS_PER_ROUND;
	for (unsigned int thread = 0; thread < MOST_PERPETUAL_THREADS; thread++) {
		notes[thread] = calloc(last + 1, sizeof(*notes[thread]));
		if (!notes[thread])
			return wrong("no memory for notes");
	}
	for (size_t n = 0; n < sizeof(tests) / sizeof(tests[0]); n++) {
		uint64_t seen = 0, met = 0;

		for (int runs = 0; runs < MOST_RUNS && met < last; runs++) {
			start = (struct meeting){ .threads = tests[n].threads, .patience = LONG_PATIENCE };
			x = y = 0;
			run_threads(tests[n].threads, run, (void *)&tests[n]);
			seen += tests[n].search();
			met += meetings(tests[n].threads);
		}
		if (tests[n].allowed)
			printf("perpetual: %s, which is allowed: %llu times\n", tests[n].name, (unsigned long long)seen);
		else if (seen)
			found += wrong("perpetual %s: forbidden outcome %llu times", tests[n].name, (unsigned long long)seen);
	}
	for (unsigned int thread = 0; thread < MOST_PERPETUAL_THREADS; thread++)
		free(notes[thread]);
	return found;
}
