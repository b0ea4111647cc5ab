/* SPDX-License-Identifier: MIT */
/* Locks and counters made of exclusives and of LSE operations. What a lock guards is no atomic: one holder too many, and sums are wrong. */
#include "stress.h"

enum { OPERATIONS_PER_ROUND = 40 };

struct lock {
	uint32_t	word, owner __attribute__((aligned(CACHE_LINE)));
	uint64_t	guarded[2] __attribute__((aligned(CACHE_LINE)));
} __attribute__((aligned(CACHE_LINE)));

static struct shared {
	struct meeting	start;
	unsigned int	operations;
	struct lock	exclusive, swapped, compared, ticket;
	uint64_t	byte_wide, pairs[2] __attribute__((aligned(16)));
	uint64_t	added, looped, compared_count, bits;
	uint32_t	word;
	uint16_t	halfword;
	uint8_t		byte;
} shared;

static bool try_exclusive(uint32_t *word)
{
	uint32_t value, status = 1;

	__asm__ volatile("ldaxr %w0, %2\n cbnz %w0, 1f\n stxr %w1, %w3, %2\n 1:"
		: "=&r"(value), "+&r"(status), "+Q"(*word) : "r"(1) : "memory");
	return !value && !status;
}

static bool try_swap(uint32_t *word)
{
	uint32_t old;

	__asm__ volatile("swpa %w1, %w0, %2" : "=r"(old) : "r"(1), "Q"(*word) : "memory");
	return !old;
}

static bool try_compare(uint32_t *word)
{
	uint32_t old = 0;

	__asm__ volatile("casa %w0, %w1, %2" : "+r"(old) : "r"(1), "Q"(*word) : "memory");
	return !old;
}

static void take(struct lock *lock, bool (*try)(uint32_t *))
{
	unsigned int turns = 0;

	while (!try(&lock->word))
		relax(&turns);
}

static void release(struct lock *lock)
{
	__atomic_store_n(&lock->word, 0, __ATOMIC_RELEASE);
}

static void take_ticket(struct lock *lock)
{
	unsigned int turns = 0;
	uint32_t mine;

	__asm__ volatile("ldadd %w1, %w0, %2" : "=r"(mine) : "r"(1), "Q"(lock->word) : "memory");
	while (__atomic_load_n(&lock->owner, __ATOMIC_ACQUIRE) != mine)
		relax(&turns);
}

static void release_ticket(struct lock *lock)
{
	__atomic_store_n(&lock->owner, lock->owner + 1, __ATOMIC_RELEASE);
}

/* Not in one step, so that another holder would be noticed. */
static uint64_t use(volatile uint64_t guarded[2])
{
	uint64_t first = guarded[0], second = guarded[1];

	guarded[1] = second + 1;
	guarded[0] = first + 1;
	return first == second ? 0 : wrong("a lock has two holders: %llu, %llu", (unsigned long long)first, (unsigned long long)second);
}

static uint64_t lock_and_unlock(void)
{
	uint64_t found = 0;

	take(&shared.exclusive, try_exclusive);
	found += use(shared.exclusive.guarded);
	release(&shared.exclusive);
	take(&shared.swapped, try_swap);
	found += use(shared.swapped.guarded);
	release(&shared.swapped);
	take(&shared.compared, try_compare);
	found += use(shared.compared.guarded);
	release(&shared.compared);
	take_ticket(&shared.ticket);
	found += use(shared.ticket.guarded);
	release_ticket(&shared.ticket);
	return found;
}

/* Counters of each size, by each kind of instruction, several of them within one granule. */
static void count(unsigned int self)
{
	uint64_t low, high, value, status;

	__asm__ volatile("ldadd %1, %0, %2" : "=r"(value) : "r"((uint64_t)self + 1), "Q"(shared.added) : "memory");
	__asm__ volatile("1: ldxr %0, %2\n add %0, %0, #1\n stlxr %w1, %0, %2\n cbnz %w1, 1b"
		: "=&r"(value), "=&r"(status), "+Q"(shared.looped) :: "memory");
	__asm__ volatile("1: ldxrh %w0, %2\n add %w0, %w0, #1\n stxrh %w1, %w0, %2\n cbnz %w1, 1b"
		: "=&r"(value), "=&r"(status), "+Q"(shared.halfword) :: "memory");
	__asm__ volatile("1: ldaxrb %w0, %2\n add %w0, %w0, #1\n stxrb %w1, %w0, %2\n cbnz %w1, 1b"
		: "=&r"(value), "=&r"(status), "+Q"(shared.byte) :: "memory");
	__asm__ volatile("ldaddal %w1, %w0, %2" : "=r"(value) : "r"(1), "Q"(shared.word) : "memory");
	__asm__ volatile("ldeor %1, %0, %2" : "=r"(value) : "r"(1ULL << self), "Q"(shared.bits) : "memory");
	__asm__ volatile("1: ldxp %0, %1, %3\n add %0, %0, #1\n add %1, %1, #3\n stxp %w2, %0, %1, %3\n cbnz %w2, 1b"
		: "=&r"(low), "=&r"(high), "=&r"(status), "+Q"(shared.pairs) :: "memory");
	for (value = __atomic_load_n(&shared.compared_count, __ATOMIC_RELAXED);; value = high) {
		high = value;
		__asm__ volatile("casal %0, %1, %2" : "+r"(high) : "r"(value + 1), "Q"(shared.compared_count) : "memory");
		if (high == value)
			break;
	}
}

static uint64_t run(unsigned int self, void *unused)
{
	uint64_t found = 0;

	(void)unused;
	meet(&shared.start);
	for (unsigned int operation = 0; operation < shared.operations; operation++) {
		found += lock_and_unlock();
		for (int again = 0; again < 4; again++)
			count(self);
	}
	return found;
}

uint64_t test_locks(const struct work *work)
{
	uint64_t all = (uint64_t)work->threads * work->rounds * OPERATIONS_PER_ROUND, counted = 4 * all, found;

	shared = (struct shared){ .start = { .threads = work->threads, .patience = SHORT_PATIENCE }, .operations = work->rounds * OPERATIONS_PER_ROUND };
	found = run_threads(work->threads, run, NULL);
	found += expect("guarded by exclusives", all, shared.exclusive.guarded[0]);
	found += expect("guarded by SWP", all, shared.swapped.guarded[0]);
	found += expect("guarded by CAS", all, shared.compared.guarded[0]);
	found += expect("guarded by tickets", all, shared.ticket.guarded[0]);
	/* Each thread adds its number plus one. */
	found += expect("LDADD", counted / work->threads * ((uint64_t)work->threads * (work->threads + 1) / 2), shared.added);
	found += expect("LDXR, STLXR", counted, shared.looped);
	found += expect("LDXRH, STXRH", counted & 0xffff, shared.halfword);
	found += expect("LDAXRB, STXRB", counted & 0xff, shared.byte);
	found += expect("LDADDAL of a word", (uint32_t)counted, shared.word);
	found += expect("LDEOR", 0, shared.bits);
	found += expect("LDXP, STXP low", counted, shared.pairs[0]);
	found += expect("LDXP, STXP high", 3 * counted, shared.pairs[1]);
	found += expect("CASAL", counted, shared.compared_count);
	return found;
}
