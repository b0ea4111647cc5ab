/* SPDX-License-Identifier: MIT */
/*
 * Litmus tests (DDI0487 B2.3 and the names of Alglave, Maranget, Sarkar, Sewell): threads run a few accesses each, again and again on fresh
 * cells; an outcome that the memory model forbids must never be seen.
 */
#include <stdio.h>

#include "stress.h"

enum { CELLS = 512, MOST_LITMUS_THREADS = 4, LONG_PATIENCE = 5000 };

struct cell {
	uint64_t	x __attribute__((aligned(CACHE_LINE))), y __attribute__((aligned(CACHE_LINE)));
	uint64_t	r[MOST_LITMUS_THREADS][2] __attribute__((aligned(CACHE_LINE)));
};

#define STORE(p, v)		__asm__ volatile("str %1, %0" : "=Q"(*(p)) : "r"((uint64_t)(v)) : "memory")
#define STORE_RELEASE(p, v)	__asm__ volatile("stlr %1, %0" : "=Q"(*(p)) : "r"((uint64_t)(v)) : "memory")
#define LOAD(p)			({ uint64_t v_; __asm__ volatile("ldr %0, %1" : "=r"(v_) : "Q"(*(p)) : "memory"); v_; })
#define LOAD_ACQUIRE(p)		({ uint64_t v_; __asm__ volatile("ldar %0, %1" : "=r"(v_) : "Q"(*(p)) : "memory"); v_; })
#define LOAD_AFTER(p, d)	({ uint64_t v_, n_ = (d) ^ (d); __asm__ volatile("" : "+r"(n_)); v_ = LOAD((uint64_t *)((char *)(p) + (n_ & 8))); v_; })
#define ADD_AL(p, v)		({ uint64_t v_; __asm__ volatile("ldaddal %1, %0, %2" : "=r"(v_) : "r"((uint64_t)(v)), "Q"(*(p)) : "memory"); v_; })
#define ADD_L(p, v)		({ uint64_t v_; __asm__ volatile("ldaddl %1, %0, %2" : "=r"(v_) : "r"((uint64_t)(v)), "Q"(*(p)) : "memory"); v_; })
#define SWAP_AL(p, v)		({ uint64_t v_; __asm__ volatile("swpal %1, %0, %2" : "=r"(v_) : "r"((uint64_t)(v)), "Q"(*(p)) : "memory"); v_; })
#define DMB(what)		__asm__ volatile("dmb " #what ::: "memory")

/* The only store to the cell, by exclusives. */
static void store_exclusive_release(uint64_t *p, uint64_t value)
{
	uint64_t old, status;

	__asm__ volatile("1: ldxr %0, %2\n stlxr %w1, %3, %2\n cbnz %w1, 1b" : "=&r"(old), "=&r"(status), "+Q"(*p) : "r"(value) : "memory");
}

#define BODY(name, ...)		static void name(unsigned int t, struct cell *c) { uint64_t *r = c->r[t]; (void)r; switch (t) { __VA_ARGS__ } }
#define OUTCOME(name, condition) static bool name(const struct cell *c) { const uint64_t (*r)[2] = c->r; (void)r; return condition; }

/* Message passing: the flag is seen, the message is not. */
OUTCOME(mp, r[1][0] == 1 && r[1][1] == 0)
BODY(mp_dmb,
	case 0: STORE(&c->x, 1); DMB(ishst); STORE(&c->y, 1); break;
	case 1: r[0] = LOAD(&c->y); DMB(ishld); r[1] = LOAD(&c->x); break;)
BODY(mp_release_acquire,
	case 0: STORE(&c->x, 1); STORE_RELEASE(&c->y, 1); break;
	case 1: r[0] = LOAD_ACQUIRE(&c->y); r[1] = LOAD(&c->x); break;)
BODY(mp_release_address,
	case 0: STORE(&c->x, 1); STORE_RELEASE(&c->y, 1); break;
	case 1: r[0] = LOAD(&c->y); r[1] = LOAD_AFTER(&c->x, r[0]); break;)
BODY(mp_exclusive,
	case 0: STORE(&c->x, 1); store_exclusive_release(&c->y, 1); break;
	case 1: r[0] = LOAD_ACQUIRE(&c->y); r[1] = LOAD(&c->x); break;)
BODY(mp_atomic,
	case 0: STORE(&c->x, 1); ADD_L(&c->y, 1); break;
	case 1: r[0] = LOAD_ACQUIRE(&c->y); r[1] = LOAD(&c->x); break;)

/* Store buffering: neither store is seen by the other's load. */
OUTCOME(sb, r[0][0] == 0 && r[1][0] == 0)
BODY(sb_plain,
	case 0: STORE(&c->x, 1); r[0] = LOAD(&c->y); break;
	case 1: STORE(&c->y, 1); r[0] = LOAD(&c->x); break;)
BODY(sb_dmb,
	case 0: STORE(&c->x, 1); DMB(ish); r[0] = LOAD(&c->y); break;
	case 1: STORE(&c->y, 1); DMB(ish); r[0] = LOAD(&c->x); break;)
BODY(sb_release_acquire,
	case 0: STORE_RELEASE(&c->x, 1); r[0] = LOAD_ACQUIRE(&c->y); break;
	case 1: STORE_RELEASE(&c->y, 1); r[0] = LOAD_ACQUIRE(&c->x); break;)
BODY(sb_swap,
	case 0: SWAP_AL(&c->x, 1); r[0] = LOAD_ACQUIRE(&c->y); break;
	case 1: SWAP_AL(&c->y, 1); r[0] = LOAD_ACQUIRE(&c->x); break;)
BODY(sb_atomics,
	case 0: ADD_AL(&c->x, 1); r[0] = ADD_AL(&c->y, 0); break;
	case 1: ADD_AL(&c->y, 1); r[0] = ADD_AL(&c->x, 0); break;)
BODY(sb_exclusive,
	case 0: store_exclusive_release(&c->x, 1); r[0] = LOAD_ACQUIRE(&c->y); break;
	case 1: store_exclusive_release(&c->y, 1); r[0] = LOAD_ACQUIRE(&c->x); break;)

/* Load buffering: each load sees the store that follows the other. */
OUTCOME(lb, r[0][0] == 1 && r[1][0] == 1)
BODY(lb_dmb,
	case 0: r[0] = LOAD(&c->x); DMB(ish); STORE(&c->y, 1); break;
	case 1: r[0] = LOAD(&c->y); DMB(ish); STORE(&c->x, 1); break;)
BODY(lb_data,
	case 0: r[0] = LOAD(&c->x); STORE(&c->y, (r[0] ^ r[0]) + 1); break;
	case 1: r[0] = LOAD(&c->y); STORE(&c->x, (r[0] ^ r[0]) + 1); break;)
BODY(lb_acquire,
	case 0: r[0] = LOAD_ACQUIRE(&c->x); STORE(&c->y, 1); break;
	case 1: r[0] = LOAD_ACQUIRE(&c->y); STORE(&c->x, 1); break;)

/* Independent reads of independent writes: two readers disagree about which store came first. */
OUTCOME(iriw, r[2][0] == 1 && r[2][1] == 0 && r[3][0] == 1 && r[3][1] == 0)
BODY(iriw_dmb,
	case 0: STORE(&c->x, 1); break;
	case 1: STORE(&c->y, 1); break;
	case 2: r[0] = LOAD(&c->x); DMB(ish); r[1] = LOAD(&c->y); break;
	case 3: r[0] = LOAD(&c->y); DMB(ish); r[1] = LOAD(&c->x); break;)
BODY(iriw_acquire,
	case 0: STORE(&c->x, 1); break;
	case 1: STORE(&c->y, 1); break;
	case 2: r[0] = LOAD_ACQUIRE(&c->x); r[1] = LOAD_ACQUIRE(&c->y); break;
	case 3: r[0] = LOAD_ACQUIRE(&c->y); r[1] = LOAD_ACQUIRE(&c->x); break;)

/* Write to read causality: what one has seen and passed on, the third must see. */
OUTCOME(wrc, r[1][0] == 1 && r[2][0] == 1 && r[2][1] == 0)
BODY(wrc_release_acquire,
	case 0: STORE(&c->x, 1); break;
	case 1: r[0] = LOAD(&c->x); STORE_RELEASE(&c->y, r[0]); break;
	case 2: r[0] = LOAD_ACQUIRE(&c->y); r[1] = LOAD(&c->x); break;)

/* The order of stores alone, and of stores with one load. */
OUTCOME(two_plus_two, c->x == 1 && c->y == 1)
BODY(two_plus_two_dmb,
	case 0: STORE(&c->x, 1); DMB(ishst); STORE(&c->y, 2); break;
	case 1: STORE(&c->y, 1); DMB(ishst); STORE(&c->x, 2); break;)
OUTCOME(r_outcome, c->y == 2 && r[1][0] == 0)
BODY(r_dmb,
	case 0: STORE(&c->x, 1); DMB(ish); STORE(&c->y, 1); break;
	case 1: STORE(&c->y, 2); DMB(ish); r[0] = LOAD(&c->x); break;)
OUTCOME(s_outcome, r[1][0] == 1 && c->x == 2)
BODY(s_release_acquire,
	case 0: STORE(&c->x, 2); STORE_RELEASE(&c->y, 1); break;
	case 1: r[0] = LOAD_ACQUIRE(&c->y); STORE(&c->x, 1); break;)

/* Coherence: one location, whose values nobody sees in another order. */
OUTCOME(corr, r[1][0] == 1 && r[1][1] == 0)
BODY(corr_plain,
	case 0: STORE(&c->x, 1); break;
	case 1: r[0] = LOAD(&c->x); r[1] = LOAD(&c->x); break;)
OUTCOME(cowr, r[0][0] == 0 || r[1][0] == 0)
BODY(cowr_plain,
	case 0: STORE(&c->x, 1); r[0] = LOAD(&c->x); break;
	case 1: STORE(&c->x, 2); r[0] = LOAD(&c->x); break;)

static const struct litmus {
	const char	*name;
	unsigned int	threads;
	void		(*body)(unsigned int, struct cell *);
	bool		(*outcome)(const struct cell *);
	bool		allowed;
} tests[] = {
	{ "MP+dmb.st+dmb.ld", 2, mp_dmb, mp, false },
	{ "MP+stlr+ldar", 2, mp_release_acquire, mp, false },
	{ "MP+stlr+addr", 2, mp_release_address, mp, false },
	{ "MP+stlxr+ldar", 2, mp_exclusive, mp, false },
	{ "MP+ldaddl+ldar", 2, mp_atomic, mp, false },
	{ "SB", 2, sb_plain, sb, true },
	{ "SB+dmbs", 2, sb_dmb, sb, false },
	{ "SB+stlr+ldar", 2, sb_release_acquire, sb, false },
	{ "SB+swpal+ldar", 2, sb_swap, sb, false },
	{ "SB+ldaddals", 2, sb_atomics, sb, false },
	{ "SB+stlxr+ldar", 2, sb_exclusive, sb, false },
	{ "LB+dmbs", 2, lb_dmb, lb, false },
	{ "LB+datas", 2, lb_data, lb, false },
	{ "LB+ldars", 2, lb_acquire, lb, false },
	{ "IRIW+dmbs", 4, iriw_dmb, iriw, false },
	{ "IRIW+ldars", 4, iriw_acquire, iriw, false },
	{ "WRC+stlr+ldar", 3, wrc_release_acquire, wrc, false },
	{ "2+2W+dmb.sts", 2, two_plus_two_dmb, two_plus_two, false },
	{ "R+dmbs", 2, r_dmb, r_outcome, false },
	{ "S+stlr+ldar", 2, s_release_acquire, s_outcome, false },
	{ "CoRR", 2, corr_plain, corr, false },
	{ "CoWR", 2, cowr_plain, cowr, false },
};

static struct cell cells[CELLS];
static struct meeting meeting;
static unsigned int batches;

static uint64_t run(unsigned int self, void *argument)
{
	const struct litmus *litmus = argument;
	uint64_t random = 88172645463325252ULL + self, seen = 0;

	meet(&meeting);
	spread_out();
	for (unsigned int batch = 0; batch < batches; batch++) {
		if (self == 0)
			for (int n = 0; n < CELLS; n++)
				cells[n] = (struct cell){ 0 };
		meet(&meeting);
		/* Not in step: sometimes one is ahead, sometimes the other. */
		for (volatile unsigned int wait = (unsigned int)(next_random(&random) % 16); wait; wait--)
			;
		for (int n = 0; n < CELLS; n++)
			litmus->body(self, &cells[n]);
		meet(&meeting);
		if (self == 0)
			for (int n = 0; n < CELLS; n++)
				seen += litmus->outcome(&cells[n]);
	}
	return seen;
}

uint64_t test_litmus(const struct work *work)
{
	uint64_t found = 0;

	batches = work->rounds;
	for (size_t n = 0; n < sizeof(tests) / sizeof(tests[0]); n++) {
		uint64_t seen;

		meeting = (struct meeting){ .threads = tests[n].threads, .patience = LONG_PATIENCE };
		seen = run_threads(tests[n].threads, run, (void *)&tests[n]);
		if (tests[n].allowed)
			printf("litmus: %s, which is allowed: %llu of %u\n", tests[n].name, (unsigned long long)seen, batches * CELLS);
		else if (seen)
			found += wrong("%s: forbidden outcome %llu times", tests[n].name, (unsigned long long)seen);
	}
	return found;
}
