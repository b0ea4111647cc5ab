/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "mover.h"

enum { PAGE = 4096, STRIDE = 256 };

/* splitmix64: the random value that belongs at an offset in a pass, without a table of what was written. */
static inline uint64_t random_value(uint64_t pass, uint64_t offset)
{
	uint64_t z = pass * 0xd1342543de82ef95ULL + offset * 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static void check(struct memory *memory, const volatile char *start, uint64_t page, uint64_t pass)
{
	for (uint64_t offset = page * PAGE; offset < (page + 1) * PAGE; offset += STRIDE) {
		if (*(const volatile uint64_t *)(start + offset) != random_value(pass, offset))
			memory->wrong++;
	}
}

static void fill(volatile char *start, uint64_t page, uint64_t pass)
{
	for (uint64_t offset = page * PAGE; offset < (page + 1) * PAGE; offset += STRIDE)
		*(volatile uint64_t *)(start + offset) = random_value(pass, offset);
}

void *memory_thread(void *argument)
{
	/* Odd, and near the golden ratio of 2^32: i -> i * spread is one to one below each power of two, and takes neighbours far apart. */
	static const uint64_t spread = 0x9e3779b1;
	struct memory *memory = argument;
	uint64_t places = 1;
	char *start;

	while (places < memory->pages)
		places *= 2;
	start = mmap(NULL, memory->pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (start == MAP_FAILED) {
		perror("mover: memory");
		exit(1);
	}
	/*
	 * Turns end at the kernel's tick, every 4 ms. Of two equal threads one often has two in a row, and the other's gaps would be
	 * 8 ms without any migration; the one that counts for a little less gives way at each tick.
	 */
	if (setpriority(PRIO_PROCESS, 0, 1)) {
		perror("mover: nice");
		exit(1);
	}
	/* A page each at a time, as they are sent. */
	madvise(start, memory->pages * PAGE, MADV_NOHUGEPAGE);
	for (uint64_t pass = 0;; pass++) {
		for (uint64_t i = 0; i < places; i++) {
			uint64_t page = memory->scattered ? (i + pass) * spread % places : i;

			if (page >= memory->pages)
				continue;
			if (pass)
				check(memory, start, page, pass - 1);
			fill(start, page, pass);
			memory->touched++;
		}
		memory->passes++;
	}
	return NULL;
}
