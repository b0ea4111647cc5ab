/* SPDX-License-Identifier: MIT */
/* More memory than caches and translation buffers hold: first in an order nobody can predict, then one line after the other. */
#include <stdlib.h>

#include "kernels.h"

#define BYTES (64 << 20)
#define LINE 64
#define LINES (BYTES / LINE)

struct line {
	uint64_t next;
	uint64_t value;
	uint64_t rest[LINE / sizeof(uint64_t) - 2];
};

/* Sattolo's shuffle: one cycle through all lines. */
static void link_lines(struct line *lines)
{
	uint64_t state = 1;

	for (uint64_t i = 0; i < LINES; i++) {
		lines[i].next = i;
		lines[i].value = next_random(&state);
	}
	for (uint64_t i = LINES - 1; i > 0; i--) {
		uint64_t j = next_random(&state) % i;
		uint64_t next = lines[i].next;

		lines[i].next = lines[j].next;
		lines[j].next = next;
	}
}

uint64_t memory_kernel(uint64_t count)
{
	struct line *lines = aligned_alloc(LINE, BYTES);
	uint64_t at = 0, sum = 0;

	if (!lines)
		give_up("64 MiB of memory");
	link_lines(lines);
	for (uint64_t i = 0; i < count; i++) {
		at = lines[at].next;
		sum += lines[at].value;
	}
	for (uint64_t i = 0; i < count; i++) {
		struct line *line = &lines[i % LINES];

		line->rest[0] = sum;
		sum += line->value ^ line->next;
	}
	free(lines);
	return sum;
}
