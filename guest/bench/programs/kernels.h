/* SPDX-License-Identifier: MIT */
#ifndef KERNELS_H
#define KERNELS_H

#include <stdint.h>

/*
 * Each does a fixed amount of work, "count" of its own units, and returns what it calculated, so that no compiler leaves
 * the work out and two machines can be compared.
 */

/* count steps of a five-body orbit and count / 512 multiplications of 48 x 48 matrices, in double precision. */
uint64_t float_kernel(uint64_t count);

/* count dependent loads, in random order over 64 MiB, then a stream of as many 64-byte lines. */
uint64_t memory_kernel(uint64_t count);

/* count system calls that do next to nothing. */
uint64_t syscall_kernel(uint64_t count);

/* count first touches of anonymous pages, mapped and unmapped in turn. */
uint64_t page_fault_kernel(uint64_t count);

/* count round trips of a byte between two processes through two pipes: two switches each on one CPU. */
uint64_t pipe_kernel(uint64_t count);

/* Ends the program with a message: "what" could not be had. */
_Noreturn void give_up(const char *what);

/* A generator of our own (xorshift64), so that the work is the same everywhere. */
static inline uint64_t next_random(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	*state = x;
	return x;
}

#endif
