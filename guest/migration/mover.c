/* SPDX-License-Identifier: MIT */
/*
 * mover MIB scattered|sequential: the workload of a machine that is moved. A thread checks and rewrites so much memory, page by page, in
 * passes; another calculates. What the second did in each 100 ms is printed, a line a window:
 *
 *	beat WINDOW end=NS steps=N gap=NS gap-end=NS passes=N touched=N wrong=N
 *
 * with times of the virtual counter. What calculates and prints touches a handful of pages, all the time.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mover.h"

static struct calculation calculation;
static struct memory memory;

/* One write a line: no library's buffer holds it back. */
static void print(uint64_t number, const struct window *window)
{
	char line[256];
	int length = snprintf(line, sizeof(line),
			      "beat %" PRIu64 " end=%" PRIu64 " steps=%" PRIu64 " gap=%" PRIu64 " gap-end=%" PRIu64
			      " passes=%" PRIu64 " touched=%" PRIu64 " wrong=%" PRIu64 "\n",
			      number, window->end, window->steps, window->gap, window->gap_end,
			      memory.passes, memory.touched, memory.wrong);

	if (write(STDOUT_FILENO, line, (size_t)length) != length)
		exit(1);
}

static int usage(void)
{
	fputs("usage: mover MIB scattered|sequential\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static const struct timespec pause = { .tv_nsec = 20000000 };
	pthread_t calculating, touching;
	uint64_t printed = 0;
	char *end;

	if (argc != 3)
		return usage();
	memory.pages = strtoull(argv[1], &end, 10) * 256;
	memory.scattered = !strcmp(argv[2], "scattered");
	if (*end || !memory.pages || memory.pages > UINT32_MAX || (!memory.scattered && strcmp(argv[2], "sequential")))
		return usage();
	if (pthread_create(&calculating, NULL, calculation_thread, &calculation) || pthread_create(&touching, NULL, memory_thread, &memory)) {
		fputs("mover: no thread\n", stderr);
		return 1;
	}
	for (;;) {
		uint64_t done = atomic_load_explicit(&calculation.count, memory_order_acquire);

		for (; printed < done; printed++)
			print(printed, &calculation.windows[printed % WINDOWS]);
		nanosleep(&pause, NULL);
	}
}
