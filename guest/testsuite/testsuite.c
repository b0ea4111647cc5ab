/* SPDX-License-Identifier: MIT */
/*
 * testsuite mem: the workload of the asynchronous page fault measurements. A thread allocates a part of the
 * available memory, writes random values to it a number of times, reads every one back, and releases it;
 * optionally another thread calculates meanwhile.
 */
#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "testsuite.h"

uint64_t now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000ULL + (uint64_t)time.tv_nsec;
}

static void usage(FILE *file)
{
	fputs("usage: testsuite mem --percent P --passes N [--calculate] [--stride BYTES] [--seed N] [--progress]\n"
	      "\n"
	      "  --percent P     allocate P percent (1..95) of the memory that is available\n"
	      "  --passes N      write every page N times (1..1000)\n"
	      "  --calculate     run a second thread that calculates meanwhile\n"
	      "  --stride BYTES  distance between two values, a multiple of 8 (8..4096, default 256)\n"
	      "  --seed N        start of the random values (default 1)\n"
	      "  --progress      print where in physical memory the steps of the calculation are shown meanwhile\n",
	      file);
}

static bool parse_number(const char *text, uint64_t low, uint64_t high, uint64_t *number)
{
	char *end;

	*number = strtoull(text, &end, 10);
	return *text && !*end && *number >= low && *number <= high;
}

static int bad_option(const char *name, const char *value)
{
	fprintf(stderr, "testsuite: --%s cannot be '%s'\n", name, value);
	usage(stderr);
	return 2;
}

static double milliseconds(struct timeval time)
{
	return (double)time.tv_sec * 1000.0 + (double)time.tv_usec / 1000.0;
}

static void print_usage_of(const char *thread, const struct rusage *usage, uint64_t nanoseconds)
{
	double user = milliseconds(usage->ru_utime);
	double system = milliseconds(usage->ru_stime);

	printf("cpu of %s thread: user %.1f ms, system %.1f ms, %.1f %%\n", thread, user, system,
	       (user + system) * 1e8 / (double)nanoseconds);
}

static int run(struct memory_work *work, bool calculate, bool progress)
{
	struct calculation calculation = { 0 };
	pthread_t memory, calculating;
	void *message;

	if (progress && !(calculation.progress = progress_page())) {
		fputs("testsuite: no page to show progress in (is this root?)\n", stderr);
		return 1;
	}
	if (progress)
		work->progress = calculation.progress + 1;
	if (calculate && pthread_create(&calculating, NULL, calculation_thread, &calculation)) {
		fputs("testsuite: no thread for the calculation\n", stderr);
		return 1;
	}
	if (pthread_create(&memory, NULL, memory_thread, work)) {
		fputs("testsuite: no thread for the memory test\n", stderr);
		return 1;
	}
	pthread_join(memory, &message);
	calculation.stop = true;
	if (calculate)
		pthread_join(calculating, NULL);
	if (message) {
		fprintf(stderr, "testsuite: memory test: %s\n", (const char *)message);
		return 1;
	}
	printf("memory: %" PRIu64 " KiB, %u passes\n", work->bytes / 1024, work->passes);
	print_usage_of("memory", &work->usage, work->nanoseconds);
	if (calculate)
		print_usage_of("calculation", &calculation.usage, work->nanoseconds);
	printf("testsuite: bytes=%" PRIu64 " passes=%u time_ns=%" PRIu64 " calculation=%" PRIu64
	       " verified=%" PRIu64 " wrong=%" PRIu64 "\n",
	       work->bytes, work->passes, work->nanoseconds, calculation.count, work->verified, work->wrong);
	return work->wrong ? 1 : 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "percent",	required_argument,	NULL, 'p' },
		{ "passes",	required_argument,	NULL, 'n' },
		{ "calculate",	no_argument,		NULL, 'c' },
		{ "stride",	required_argument,	NULL, 's' },
		{ "seed",	required_argument,	NULL, 'r' },
		{ "progress",	no_argument,		NULL, 'w' },
		{ "help",	no_argument,		NULL, 'h' },
		{ NULL,		0,			NULL, 0 },
	};
	struct memory_work work = { .stride = 256, .seed = 1 };
	bool calculate = false, progress = false;
	uint64_t number;
	int option;

	if (argc > 1 && !strcmp(argv[1], "--help")) {
		usage(stdout);
		return 0;
	}
	if (argc < 2 || strcmp(argv[1], "mem")) {
		usage(stderr);
		return 2;
	}
	while ((option = getopt_long(argc - 1, argv + 1, "", options, NULL)) != -1) {
		switch (option) {
		case 'p':
			if (!parse_number(optarg, 1, 95, &number))
				return bad_option("percent", optarg);
			work.percent = (unsigned int)number;
			break;
		case 'n':
			if (!parse_number(optarg, 1, 1000, &number))
				return bad_option("passes", optarg);
			work.passes = (unsigned int)number;
			break;
		case 'c':
			calculate = true;
			break;
		case 's':
			if (!parse_number(optarg, 8, 4096, &number) || number % 8)
				return bad_option("stride", optarg);
			work.stride = (unsigned int)number;
			break;
		case 'r':
			if (!parse_number(optarg, 0, UINT64_MAX, &work.seed))
				return bad_option("seed", optarg);
			break;
		case 'w':
			progress = true;
			break;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	if (!work.percent || !work.passes || optind != argc - 1) {
		usage(stderr);
		return 2;
	}
	return run(&work, calculate, progress);
}
