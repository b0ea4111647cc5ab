/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "stress.h"

static const struct {
	const char	*name;
	test_function	*run;
} tests[] = {
	{ "locks",	test_locks },
	{ "mutexes",	test_mutexes },
	{ "futexes",	test_futexes },
	{ "litmus",	test_litmus },
	{ "perpetual",	test_perpetual },
	{ "mappings",	test_mappings },
	{ "signals",	test_signals },
};
#define TESTS	(sizeof(tests) / sizeof(tests[0]))

uint64_t wrong(const char *format, ...)
{
	enum { MOST_LINES = 20 };
	static unsigned int told;
	char line[256];
	va_list arguments;

	if (__atomic_fetch_add(&told, 1, __ATOMIC_RELAXED) >= MOST_LINES)
		return 1;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	printf("WRONG: %s\n", line);
	return 1;
}

uint64_t expect(const char *what, uint64_t expected, uint64_t actual)
{
	return expected == actual ? 0 : wrong("%s: %" PRIu64 ", not %" PRIu64, what, actual, expected);
}

static void usage(FILE *file)
{
	fputs("usage: stress [--threads N] [--rounds N] [--hotplug N] [TEST...]\n"
	      "\n"
	      "  --threads N   threads of each test (2..64, default the number of CPUs, at least 2)\n"
	      "  --rounds N    amount of work (1..1000000, default 100)\n"
	      "  --hotplug N   meanwhile switch CPUs off and on, at least N times in all; tests repeat until then\n"
	      "  TEST          locks, mutexes, futexes, litmus, perpetual, mappings, signals; default all\n",
	      file);
}

static unsigned int number(const char *text, unsigned int low, unsigned int high)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (!*text || *end || value < low || value > high) {
		fprintf(stderr, "stress: '%s' is not a number from %u to %u\n", text, low, high);
		exit(2);
	}
	return (unsigned int)value;
}

static test_function *find(const char *name)
{
	for (size_t test = 0; test < TESTS; test++) {
		if (!strcmp(name, tests[test].name))
			return tests[test].run;
	}
	fprintf(stderr, "stress: there is no test '%s'\n", name);
	usage(stderr);
	exit(2);
}

static uint64_t run(const struct work *work, char **names, int count)
{
	uint64_t found = 0;

	for (size_t test = 0; test < TESTS; test++) {
		bool wanted = count == 0;
		uint64_t found_here;

		for (int name = 0; name < count; name++)
			wanted |= find(names[name]) == tests[test].run;
		if (!wanted)
			continue;
		found_here = tests[test].run(work);
		printf("stress: %s threads=%u rounds=%u wrong=%" PRIu64 "\n", tests[test].name, work->threads, work->rounds, found_here);
		found += found_here;
	}
	return found;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "threads",	required_argument,	NULL, 't' },
		{ "rounds",	required_argument,	NULL, 'r' },
		{ "hotplug",	required_argument,	NULL, 'p' },
		{ "help",	no_argument,		NULL, 'h' },
		{ NULL,		0,			NULL, 0 },
	};
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct work work = { .threads = cpus < 2 ? 2 : cpus > MOST_THREADS ? MOST_THREADS : (unsigned int)cpus, .rounds = 100 };
	unsigned int hotplug = 0, times = 0;
	uint64_t found = 0;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 't':
			work.threads = number(optarg, 2, MOST_THREADS);
			break;
		case 'r':
			work.rounds = number(optarg, 1, 1000000);
			break;
		case 'p':
			hotplug = number(optarg, 1, 1000000);
			break;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	for (int name = optind; name < argc; name++)
		find(argv[name]);
	if (!(getauxval(AT_HWCAP) & HWCAP_ATOMICS)) {
		fputs("stress: this CPU has no LSE\n", stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (hotplug && !hotplug_start())
		return 1;
	do {
		found += run(&work, argv + optind, argc - optind);
	} while (hotplug && !hotplug_is_done(hotplug));
	if (hotplug && (times = hotplug_stop()) < hotplug)
		found += wrong("hotplug: %u of %u times", times, hotplug);
	printf("stress: done hotplug=%u wrong=%" PRIu64 "\n", times, found);
	return found ? 1 : 0;
}
