/* SPDX-License-Identifier: MIT */
#ifndef TESTSUITE_H
#define TESTSUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

/* What the memory thread is asked to do, and what came of it. */
struct memory_work {
	unsigned int	percent;	/* of the memory that is available */
	unsigned int	passes;		/* times every page is written */
	unsigned int	stride;		/* bytes between two values */
	uint64_t	seed;
	uint64_t	bytes;
	uint64_t	verified;	/* values read back */
	uint64_t	wrong;		/* of those: not what was written */
	uint64_t	nanoseconds;
	volatile uint64_t *progress;	/* where the passes done are shown, or NULL */
	struct rusage	usage;
};

/* Runs on a thread of its own: allocates, writes and verifies, releases. Returns NULL, or a message. */
void *memory_thread(void *work);

struct calculation {
	volatile bool	stop;
	volatile uint64_t *progress;	/* where the steps done are shown all the time, or NULL */
	uint64_t	count;		/* steps done */
	uint64_t	value;		/* their outcome, so that none can be left out */
	struct rusage	usage;
};

/* Runs on a thread of its own until told to stop. */
void *calculation_thread(void *calculation);

/* Two words of a page where progress is shown, for who looks from outside the guest; prints its physical address. NULL: it cannot be found out. */
volatile uint64_t *progress_page(void);

uint64_t now_ns(void);

#endif
