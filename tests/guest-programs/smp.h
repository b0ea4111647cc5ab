/* SPDX-License-Identifier: MIT */
/* Programs of several PEs. Their machines are on the real clock, so nothing here depends on how fast a PE is. */
#ifndef SMP_H
#define SMP_H

#include "guest.h"

#define MOST_PES		4
#define PE_ON			0
#define PE_OFF			1

#define PSCI_CPU_OFF		0x84000002
#define PSCI_CPU_ON		0xC4000003
#define PSCI_AFFINITY_INFO	0xC4000004

/* Starts PE number 1..3 by PSCI: it calls the function and then switches itself off. */
void pe_on(int pe, void (*function)(uint64_t), uint64_t argument);
void pe_off(void) __attribute__((noreturn));
void pe_entry(void);

/* AFFINITY_INFO of one PE; waits until it is off. */
int64_t pe_state(int pe);
void pe_wait_off(int pe);

static inline int pe_self(void) { return (int)(read_mpidr() & 0xff); }

/* Waits for what another PE does. A program that waits in vain says so instead of hanging. */
#define PATIENCE		milliseconds(30000)
#define WAIT_FOR(condition)									\
	do {											\
		for (uint64_t end_ = now() + PATIENCE; !(condition);) {				\
			if (now() > end_)							\
				guest_fail("waits for " #condition, __FILE__, __LINE__, 1, 0);	\
		}										\
	} while (0)

static inline uint64_t load_acquire(const volatile uint64_t *p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }
static inline void store_release(volatile uint64_t *p, uint64_t v) { __atomic_store_n(p, v, __ATOMIC_RELEASE); }

/* All PEs of a program come here before one goes on; count is how many they are. By exclusives, so with the MMU on. */
struct meeting { uint64_t arrived; };
void meet(struct meeting *meeting, uint64_t count);

/* ICC_SGI1R_EL1 for one PE. */
static inline void sgi(uint64_t intid, int pe)
{
	__asm__ volatile("dsb ishst" ::: "memory");
	WRITE_SYSREG(S3_0_C12_C11_5, intid << 24 | 1ULL << pe);
}

#endif
