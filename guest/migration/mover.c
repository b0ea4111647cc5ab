/* SPDX-License-Identifier: MIT */
/*
 * mover MIB scattered|sequential: the workload of a machine that is moved. A thread checks and rewrites so much memory, page by page, in
 * passes; another calculates. What the second did in each 100 ms is printed, a line a window:
 *
 *	beat WINDOW end=NS steps=N gap=NS gap-end=NS passes=N touched=N wrong=N
 *
 * with times of the virtual counter. What calculates and prints touches a handful of pages, all the time.
 */
#include <fcntl.h>
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

/*
 * Two threads that are always busy take turns of 4 or 8 ms: the kernel means 3 ms, and looks at its tick, every 4 ms. When it
 * means 1 ms, a turn is over at the next tick, and a longer gap is not the guest's own. Who wakes up preempts all the same, as by
 * default, so that the memory thread goes on as soon as its page is there.
 */
static int shorten_turns(void)
{
	static const char *const settings[][2] = {
		{ "base_slice_ns", "1000000" },	/* since Linux 6.6 */
		{ "latency_ns", "1000000" },	/* before */
		{ "wakeup_granularity_ns", "100000" },
	};
	int done = 0;

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		char name[64];

		snprintf(name, sizeof(name), "/sys/kernel/debug/sched/%s", settings[i][0]);
		int file = open(name, O_WRONLY);

		if (file < 0)
			continue;
		if (write(file, settings[i][1], strlen(settings[i][1])) > 0)
			done++;
		close(file);
	}
	return done ? 0 : -1;
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
	if (shorten_turns())
		fputs("mover: the scheduler's turns are as long as they are by default\n", stderr);
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
