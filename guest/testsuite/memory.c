/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "testsuite.h"

/* splitmix64: the random value that belongs at an index in a pass, without a table of what was written. */
static inline uint64_t random_value(uint64_t seed, uint64_t pass, uint64_t index)
{
	uint64_t z = seed + pass * 0xd1342543de82ef95ULL + index * 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static uint64_t available_bytes(void)
{
	unsigned long long kilobytes = 0;
	char line[128];
	FILE *file = fopen("/proc/meminfo", "r");

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "MemAvailable: %llu kB", &kilobytes) == 1)
			break;
	}
	fclose(file);
	return kilobytes * 1024;
}

static void verify(struct memory_work *work, const volatile char *memory, uint64_t pass)
{
	for (uint64_t offset = 0; offset < work->bytes; offset += work->stride) {
		uint64_t value = *(const volatile uint64_t *)(memory + offset);

		work->verified++;
		if (value != random_value(work->seed, pass, offset))
			work->wrong++;
	}
}

static void write_first(struct memory_work *work, volatile char *memory)
{
	for (uint64_t offset = 0; offset < work->bytes; offset += work->stride)
		*(volatile uint64_t *)(memory + offset) = random_value(work->seed, 0, offset);
}

/* Reads back what the pass before wrote, and writes anew. */
static void write_again(struct memory_work *work, volatile char *memory, uint64_t pass)
{
	for (uint64_t offset = 0; offset < work->bytes; offset += work->stride) {
		volatile uint64_t *word = (volatile uint64_t *)(memory + offset);

		work->verified++;
		if (*word != random_value(work->seed, pass - 1, offset))
			work->wrong++;
		*word = random_value(work->seed, pass, offset);
	}
}

void *memory_thread(void *argument)
{
	struct memory_work *work = argument;
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t start;
	char *memory;

	work->bytes = available_bytes() * work->percent / 100 / page * page;
	if (!work->bytes)
		return "no memory is available, or /proc is not mounted";
	start = now_ns();
	memory = mmap(NULL, work->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return strerror(errno);
	/* One fault a page, as on the series' machine: its guests had no transparent huge pages in the way. */
	madvise(memory, work->bytes, MADV_NOHUGEPAGE);
	write_first(work, memory);
	for (unsigned int pass = 1; pass < work->passes; pass++) {
		if (work->progress)
			*work->progress = pass;
		write_again(work, memory, pass);
	}
	verify(work, memory, work->passes - 1);
	munmap(memory, work->bytes);
	work->nanoseconds = now_ns() - start;
	getrusage(RUSAGE_THREAD, &work->usage);
	return NULL;
}
