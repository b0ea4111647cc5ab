/* SPDX-License-Identifier: MIT */
#ifndef MOVER_H
#define MOVER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* What the calculating thread did in one window of 100 ms. */
struct window {
	uint64_t	end;		/* when it was over: ns of the virtual counter */
	uint64_t	steps;		/* calculated by then, since the start */
	uint64_t	gap;		/* longest time between two looks at the counter, ns */
	uint64_t	gap_end;	/* when that gap was over */
};

/*
 * Windows that are done. One thread writes and one reads; the reader sleeps 100 ms at a time, and 256 windows are
 * more than it is ever late by while anything else goes on.
 */
enum { WINDOWS = 256 };

struct calculation {
	struct window		windows[WINDOWS];
	_Atomic uint64_t	count;		/* windows done */
	uint64_t		value;		/* outcome of the steps, so that none can be left out */
};

struct memory {
	uint64_t		pages;
	bool			scattered;	/* order of the pages in a pass: far from each other, or one after the other */
	_Atomic uint64_t	touched;	/* pages checked and written anew, all passes */
	_Atomic uint64_t	passes;		/* passes done; the first only fills */
	_Atomic uint64_t	wrong;		/* values that were not what had been written */
};

/* Threads; they never end. */
void *calculation_thread(void *calculation);
void *memory_thread(void *memory);

/* ns of the virtual counter, which goes on from where it stood when the machine moves. */
uint64_t counter_ns(void);

#endif
