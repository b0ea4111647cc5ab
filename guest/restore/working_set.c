/* SPDX-License-Identifier: MIT */
/*
 * working-set MIB: holds MIB mebibytes of random values. Whenever a line comes on standard input it answers at once, then reads all of them back,
 * in an order that no neighbourhood helps, while another thread calculates, and says how that went.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

enum { PAGE = 4096, STRIDE = 256, STEPS_PER_LOOK = 1024 };

static _Atomic uint64_t calculated;

/* splitmix64: the value that belongs at an offset, without a table of what was written. */
static uint64_t random_value(uint64_t offset)
{
	uint64_t z = 1 + offset * 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static uint64_t now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000ULL + (uint64_t)time.tv_nsec;
}

/* xorshift64 (Marsaglia): each step depends on the one before, and nothing touches memory. */
static void *calculate(void *argument)
{
	uint64_t value = 88172645463325252ULL;

	(void)argument;
	for (;;) {
		for (int i = 0; i < STEPS_PER_LOOK; i++) {
			value ^= value << 13;
			value ^= value >> 7;
			value ^= value << 17;
		}
		/* Never zero: the compiler must not know that. */
		atomic_fetch_add_explicit(&calculated, value ? STEPS_PER_LOOK : 1, memory_order_relaxed);
	}
	return NULL;
}

static void fill(volatile char *memory, uint64_t bytes)
{
	for (uint64_t offset = 0; offset < bytes; offset += STRIDE)
		*(volatile uint64_t *)(memory + offset) = random_value(offset);
}

/* A step that is prime to the number of pages comes by each page once. */
static uint64_t step_for(uint64_t pages)
{
	uint64_t step = pages / 2 + pages / 8 + 1;

	for (;; step++) {
		uint64_t a = step, b = pages;

		while (b) {
			uint64_t rest = a % b;

			a = b;
			b = rest;
		}
		if (a == 1)
			return step;
	}
}

static void read_back(const volatile char *memory, uint64_t bytes)
{
	uint64_t pages = bytes / PAGE, step = step_for(pages), page = 0, verified = 0, wrong = 0;
	uint64_t start = now_ns(), before = calculated;

	for (uint64_t i = 0; i < pages; i++, page = (page + step) % pages) {
		for (uint64_t offset = page * PAGE; offset < (page + 1) * PAGE; offset += STRIDE, verified++)
			wrong += *(const volatile uint64_t *)(memory + offset) != random_value(offset);
	}
	printf("working-set: pages=%" PRIu64 " verified=%" PRIu64 " wrong=%" PRIu64 " time_ns=%" PRIu64 " calculation=%" PRIu64 "\n",
	       pages, verified, wrong, now_ns() - start, calculated - before);
}

int main(int argc, char **argv)
{
	uint64_t bytes = argc == 2 ? strtoull(argv[1], NULL, 10) << 20 : 0;
	pthread_t thread;
	char line[256];
	char *memory;

	if (!bytes) {
		fputs("usage: working-set MIB\n", stderr);
		return 2;
	}
	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED || madvise(memory, bytes, MADV_NOHUGEPAGE)) {
		perror("working-set");
		return 1;
	}
	fill(memory, bytes);
	if (pthread_create(&thread, NULL, calculate, NULL)) {
		fputs("working-set: no thread\n", stderr);
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("working-set: ready");
	while (fgets(line, sizeof(line), stdin)) {
		puts("working-set: answer");
		read_back(memory, bytes);
	}
	return 0;
}
