/* SPDX-License-Identifier: MIT */
/*
 * Mappings that change under running threads: what munmap(2), mprotect(2), mmap(2), madvise(2) and fork(2) have done when they return, every
 * CPU's TLB must know.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stress.h"

enum { PAGE = 4096, WORDS = PAGE / 8, GENERATIONS = 2, MOST_PAGES = 640 };

static struct meeting meeting;
static unsigned int threads, rounds;
static volatile uint64_t *target;

/* Faults that are expected: the access is left out. */
static __thread sigjmp_buf *volatile expected_fault;

static void on_fault(int signal)
{
	(void)signal;
	if (!expected_fault)
		_exit(3);
	siglongjmp(*expected_fault, 1);
}

static bool faults(volatile uint64_t *address, bool write)
{
	sigjmp_buf here;
	bool fault = sigsetjmp(here, 1);

	expected_fault = fault ? NULL : &here;
	if (!fault) {
		if (write)
			*address = 1;
		else
			(void)*address;
	}
	expected_fault = NULL;
	return fault;
}

/* 1: file pages with ever greater numbers come to one address; nobody may see one of before the last that was announced. */
static volatile uint64_t *file_pages;
static uint64_t published, ended;
static int file;

static unsigned int pages_of(uint64_t generation)
{
	/* One page, some, and more than the kernel invalidates one by one. */
	return generation % 16 == 0 ? MOST_PAGES : generation % 4 == 0 ? 16 : 1;
}

static uint64_t remap(unsigned int self, void *unused)
{
	uint64_t found = 0, random = self + 1;
	unsigned int turns = 0;

	(void)unused;
	if (self == 0) {
		for (uint64_t generation = 1; generation <= rounds; generation++) {
			unsigned int pages = pages_of(generation);
			uint64_t first = generation % GENERATIONS * MOST_PAGES;

			for (unsigned int page = 0; page < pages; page++)
				file_pages[(first + page) * WORDS] = generation;
			mmap((void *)target, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, (off_t)(first * PAGE));
			store_release(&published, generation);
		}
		store_release(&ended, 1);
		return 0;
	}
	while (!load_acquire(&ended)) {
		uint64_t announced = load_acquire(&published), seen = target[0];

		if (seen < announced)
			found += wrong("stale page: %llu after %llu", (unsigned long long)seen, (unsigned long long)announced);
		/* Keeps translations of the other pages. */
		(void)target[next_random(&random) % MOST_PAGES * WORDS];
		relax(&turns);
	}
	return found;
}

/* 2: rights are taken away and given back. */
static uint64_t protect(unsigned int self, void *unused)
{
	static const struct { int protection; bool read_faults, write_faults; } steps[] = {
		{ PROT_READ | PROT_WRITE, false, false },
		{ PROT_READ, false, true },
		{ PROT_NONE, true, true },
		{ PROT_READ, false, true },
		{ PROT_READ | PROT_WRITE, false, false },
		{ -1, true, true },	/* unmapped */
	};
	uint64_t found = 0;

	(void)unused;
	for (unsigned int round = 0; round < rounds; round++) {
		for (unsigned int step = 0; step < sizeof(steps) / sizeof(steps[0]); step++) {
			if (self == 0) {
				if (step == 0)
					mmap((void *)target, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
				else if (steps[step].protection < 0)
					munmap((void *)target, PAGE);
				else
					mprotect((void *)target, PAGE, steps[step].protection);
			}
			meet(&meeting);
			found += expect("read faults", steps[step].read_faults, faults(&target[8], false));
			found += expect("write faults", steps[step].write_faults, faults(&target[8 + self], true));
			meet(&meeting);
		}
	}
	return found;
}

/* 3: pages are given back: what was in them is never seen again, and what is written then is not lost. */
static uint64_t give_back(unsigned int self, void *unused)
{
	enum { PAGES = 8 };
	uint64_t found = 0;

	(void)unused;
	for (uint64_t round = 1; round <= rounds; round++) {
		for (int page = 0; page < PAGES; page++)
			target[page * WORDS + self] = round;
		meet(&meeting);
		for (int page = 0; page < PAGES; page++)
			for (unsigned int other = 0; other < threads; other++)
				found += expect("written before", round, target[page * WORDS + other]);
		meet(&meeting);
		if (self == 0)
			madvise((void *)target, PAGES * PAGE, MADV_DONTNEED);
		meet(&meeting);
		for (int page = 0; page < PAGES; page++)
			found += expect("given back", 0, target[page * WORDS + self]);
		meet(&meeting);
	}
	return found;
}

/* 4: fork shares all pages until one is written: a child sees no later store, and no thread loses one of its own. */
static int child(void)
{
	uint64_t before[MOST_THREADS];

	for (unsigned int other = 1; other < threads; other++)
		before[other] = target[other * WORDS];
	for (int look = 0; look < 200; look++)
		for (unsigned int other = 1; other < threads; other++)
			if (target[other * WORDS] != before[other])
				return 1;
	return 0;
}

static uint64_t copy(unsigned int self, void *unused)
{
	uint64_t found = 0, last = 0;
	unsigned int turns = 0;

	(void)unused;
	if (self == 0) {
		for (unsigned int round = 0; round < rounds / 4 + 1; round++) {
			int status = -1;
			pid_t process = fork();

			if (!process)
				_exit(child());
			waitpid(process, &status, 0);
			found += expect("exit of a child that looks for stores of its parent", 0, (uint64_t)status);
		}
		store_release(&ended, 1);
		return found;
	}
	while (!load_acquire(&ended)) {
		volatile uint64_t *mine = &target[self * WORDS];

		found += expect("own store beside fork", last, *mine);
		*mine = ++last;
		relax(&turns);
	}
	return found;
}

static uint64_t run(thread_function *function, int flags, int descriptor)
{
	uint64_t found;

	meeting = (struct meeting){ .threads = threads, .patience = SHORT_PATIENCE };
	published = ended = 0;
	target = mmap(NULL, MOST_PAGES * PAGE, PROT_READ | PROT_WRITE, flags, descriptor, 0);
	if (target == MAP_FAILED)
		return wrong("no memory to map");
	found = run_threads(threads, function, NULL);
	munmap((void *)target, MOST_PAGES * PAGE);
	return found;
}

uint64_t test_mappings(const struct work *work)
{
	struct sigaction action = { .sa_handler = on_fault }, segmentation, bus;
	uint64_t found = 0;

	threads = work->threads;
	rounds = work->rounds;
	file = memfd_create("stress", MFD_CLOEXEC);
	if (file < 0 || ftruncate(file, (off_t)GENERATIONS * MOST_PAGES * PAGE))
		return wrong("no file in memory");
	file_pages = mmap(NULL, (size_t)GENERATIONS * MOST_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	sigaction(SIGSEGV, &action, &segmentation);
	sigaction(SIGBUS, &action, &bus);
	found += run(remap, MAP_SHARED, file);
	munmap((void *)file_pages, (size_t)GENERATIONS * MOST_PAGES * PAGE);
	close(file);
	found += run(protect, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	found += run(give_back, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	found += run(copy, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	sigaction(SIGSEGV, &segmentation, NULL);
	sigaction(SIGBUS, &bus, NULL);
	return found;
}
